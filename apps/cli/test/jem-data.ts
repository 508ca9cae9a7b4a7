import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@basin/energy-core/random";
import { afterAll, expect } from "vitest";
import { basin, lastOfEach, resultOf } from "./basin.ts";

/** A folder for one file of tests, removed after them. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), "basin-jem-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return { folder, at: (name: string) => join(folder, name) };
}

export const jem = (...args: string[]) => basin("jem", ...lastOfEach(args));

/** Resolves to what a command of `basin jem` prints as JSON, with no error beside it. */
export async function jemResult(...args: string[]) {
  const { code, stdout, stderr } = await jem(...args, "--json");
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("basin:")]);
  return resultOf(stdout);
}

/** Resolves to the message of a command that is refused, with nothing on stdout. */
export async function jemRefused(message: RegExp, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await jem(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  return stderr;
}

/** Options of the shortest training that shows anything. */
export const short = ["--steps", "3", "--seed", "1", "--workers", "1"];

/** An IDX file of bytes. */
export function idx(shape: number[], bytes: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x800 + shape.length);
  for (const [axis, length] of shape.entries()) header.setUint32(4 + 4 * axis, length);
  return Buffer.concat([new Uint8Array(header.buffer), bytes]);
}

export const COUNT = 400;

/** Images of 6 × 6: a bright bar upright (class 0) or lying (class 1), somewhere, in noise. */
export function bars(seed: number) {
  const rng = createRng(seed);
  const labels = Uint8Array.from({ length: COUNT }, (_, i) => i % 2);
  const images = new Uint8Array(36 * COUNT);
  for (let i = 0; i < COUNT; i++) {
    const place = 1 + rng.index(4);
    for (let k = 0; k < 36; k++) {
      const on = labels[i] === 0 ? k % 6 === place : Math.floor(k / 6) === place;
      images[36 * i + k] = on ? 200 + rng.index(56) : rng.index(30);
    }
  }
  return { images, labels };
}
