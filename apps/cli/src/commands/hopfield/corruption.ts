import { ArgumentError } from "@basin/energy-core";
import { corrupt } from "@basin/hopfield";

/** A way to damage a pattern. */
export interface Corruption {
  /** The pixels that stay known; absent when all may be wrong. */
  readonly known?: readonly boolean[];
  /** Returns the probe for one pattern. */
  probe(pattern: Int8Array, seed: number): Int8Array;
}

const HALVES = ["lower", "upper", "left", "right"] as const;
const EXPECTED =
  "flip:SHARE, mask:lower, mask:upper, mask:left, mask:right, mask:SHARE (from below) or crop:SHARE (a centered window stays), with SHARE in [0, 1]";

/** Returns the corruption that `text` names for pictures of the given size. */
export function parseCorruption(text: string, width: number, neurons: number): Corruption {
  const [kind, value = "", ...rest] = text.split(":");
  if (rest.length > 0) throw unknown(text);
  const share = value.trim() === "" ? Number.NaN : Number(value);
  const inRange = share >= 0 && share <= 1;
  const height = neurons / width;
  if (kind === "flip" && inRange) return { probe: (pattern, seed) => corrupt(pattern, share, { seed }) };
  const half = HALVES.find((name) => name === value);
  if (kind === "mask" && half) return masked(neurons, width, (x, y) => !hides(half, x / width, y / height));
  if (kind === "mask" && inRange) return masked(neurons, width, (_, y) => y < height * (1 - share));
  if (kind === "crop" && inRange) {
    const inside = (at: number, size: number) => Math.abs(at + 0.5 - size / 2) <= (share * size) / 2;
    return masked(neurons, width, (x, y) => inside(x, width) && inside(y, height));
  }
  throw unknown(text);
}

function unknown(text: string): ArgumentError {
  return new ArgumentError(`unknown corruption "${text}"; known: ${EXPECTED}`);
}

function hides(half: (typeof HALVES)[number], x: number, y: number): boolean {
  if (half === "lower") return y >= 0.5;
  if (half === "upper") return y < 0.5;
  return half === "left" ? x < 0.5 : x >= 0.5;
}

function masked(neurons: number, width: number, keeps: (x: number, y: number) => boolean): Corruption {
  const known = Array.from({ length: neurons }, (_, i) => keeps(i % width, Math.floor(i / width)));
  return { known, probe: (pattern) => pattern.map((spin, i) => (known[i] ? spin : -1)) };
}
