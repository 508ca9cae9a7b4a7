import { bufferText } from "@basin/energy-core/internal";

/** Numbers of the bindings. */
export const BINDING = { job: 0, generators: 1, thresholds: 2, totals: 3, signs: 4, states: 8 } as const;

/** Sums that a lattice's totals come in, so that none passes 2³². */
export const TOTAL_PARTS = 8;

/** A kernel's text, with the entry point `sweep` or `measure`. */
export interface DeviceKernel {
  readonly code: string;
  /** The buffers of states that it declares. */
  readonly reads: readonly number[];
  /** The buffer of signs that it declares. */
  readonly signs?: number;
}

/** What a device runs for one lattice, and how much it holds of each. */
export interface DeviceProgram {
  /** Buffers of states. */
  readonly states: { readonly count: number; readonly label: string };
  /** Words of a slot in each of them. */
  readonly size: number;
  /** Generators of a slot. */
  readonly bands: number;
  /** Workgroups of a slot. */
  readonly groups: number;
  /** Whether a workgroup holds a slot, and sweeps it many times without a new dispatch. */
  readonly held: boolean;
  /** Words of probabilities of a slot. */
  readonly thresholds: number;
  /** Sums of a measurement of a slot. */
  readonly sums: number;
  /** Whether the first sum has every bond twice. */
  readonly halved: boolean;
  readonly signs: readonly Uint32Array[];
  /** One after the other they make a sweep. */
  readonly sweeps: readonly DeviceKernel[];
  readonly measures: readonly DeviceKernel[];
}

/**
 * Declares what all kernels of an entry point have. The job: the first slot; sweeps; the round of a measurement; slots.
 */
export function commonText(entry: "sweep" | "measure"): string {
  const job = `@group(0) @binding(${BINDING.job}) var<uniform> job: vec4u;`;
  if (entry === "measure")
    return [job, bufferText(BINDING.totals, "read_write", "totals", "atomic<u32>")].join("\n");
  return [
    job,
    bufferText(BINDING.generators, "read_write", "generators", "vec4u"),
    bufferText(BINDING.thresholds, "read", "thresholds", "u32"),
  ].join("\n");
}

/** Returns the index after or before `value`, or `value` itself for `by` 0, around the border of `length`. */
export const around = (value: string, by: number, length: number) =>
  by === 0
    ? value
    : by > 0
      ? `select(${value} + 1u, 0u, ${value} + 1u == ${length}u)`
      : `select(${value} - 1u, ${length - 1}u, ${value} == 0u)`;

/** The generator xoshiro128++. */
export const DRAW = `
var<private> s: vec4u;
fn draw() -> u32 {
  let sum = s.x + s.w;
  let result = ((sum << 7u) | (sum >> 25u)) + s.x;
  let t = s.y << 9u;
  s.z ^= s.x; s.w ^= s.y; s.y ^= s.z; s.x ^= s.w; s.z ^= t;
  s.w = (s.w << 11u) | (s.w >> 21u);
  return result;
}
`;
