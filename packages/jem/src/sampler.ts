import type { Rng } from "@basin/energy-core/random";
import { type Sgld, type SgldSettings, tensorSgld } from "@basin/samplers/tensor";

/** Returns the sampler that settings describe. */
export function sgldOf({ box, maxGradient, ...rest }: SgldSettings): Sgld {
  return tensorSgld({
    ...rest,
    ...(Number.isFinite(box[0]) || Number.isFinite(box[1]) ? { box } : {}),
    ...(maxGradient < Infinity && { maxGradient }),
  });
}

/** Returns a whole number below 2⁵³ that keys the noise of a task. */
export function noiseKey(rng: Rng): number {
  return (rng.uint32() >>> 11) * 2 ** 32 + rng.uint32();
}

/** Returns the box that fresh states lie in: the sampler's where it is bounded, else the unit box. */
export function freshBox(settings: SgldSettings | undefined): readonly [low: number, high: number] {
  const box = settings?.box;
  return box && Number.isFinite(box[0]) && Number.isFinite(box[1]) ? box : [0, 1];
}
