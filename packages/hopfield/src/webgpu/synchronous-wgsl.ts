import { bufferText } from "@basin/energy-core/internal";
import { product } from "./product.ts";

/** Words of a row's record: how it ended, sweeps it took, whether any spin turned, whether others than before. */
export const RECORD = 4;

/** Numbers in a record of how a row ended. */
export const ENDS = { open: 0, "fixed point": 1, cycle: 2 } as const;

/** A spin of a row of bits: rows have whole words, those of patterns whole pairs of words. */
const BITS = `
fn spinAt(r: u32, i: u32, neurons: u32) -> u32 {
  return (spins[r * ((neurons + 31u) >> 5u) + (i >> 5u)] >> (i & 31u)) & 1u;
}`;
const PATTERN_BITS = `
fn patternAt(mu: u32, i: u32, neurons: u32) -> u32 {
  return (patterns[mu * 2u * ((neurons + 63u) >> 6u) + (i >> 5u)] >> (i & 31u)) & 1u;
}`;

/** Returns the kernel of the overlaps M^μ = Σ_j ξ_j^μ S_j of each row. */
export function overlapsText(): string {
  return product({
    type: "i32",
    buffers: [
      bufferText(1, "read", "spins", "u32"),
      bufferText(2, "read", "patterns", "u32"),
      bufferText(3, "read_write", "overlaps", "i32"),
      ...[BITS, PATTERN_BITS],
    ].join("\n"),
    left: "select(-1, 1, spinAt(r, k, job.z) == 1u)",
    right: "select(-1, 1, patternAt(c, k, job.z) == 1u)",
    finish: "overlaps[r * job.y + c] = sum;",
  });
}

/** Returns the kernel of the fields Σ_μ ξ_i^μ M^μ − P S_i, in units of the couplings. */
export function hebbianFieldsText(): string {
  return product({
    type: "i32",
    buffers: [
      bufferText(1, "read", "spins", "u32"),
      bufferText(2, "read", "patterns", "u32"),
      bufferText(3, "read", "overlaps", "i32"),
      bufferText(4, "read_write", "fields", "i32"),
      ...[BITS, PATTERN_BITS],
    ].join("\n"),
    left: "overlaps[r * job.z + k]",
    right: "select(-1, 1, patternAt(k, c, job.y) == 1u)",
    finish: "fields[r * job.y + c] = sum - select(-1, 1, spinAt(r, c, job.y) == 1u) * i32(job.z);",
  });
}

/** Returns the kernel of the fields Σ_j w_ij S_j of symmetric weights. */
export function weightedFieldsText(): string {
  return product({
    type: "f32",
    buffers: [
      bufferText(1, "read", "spins", "u32"),
      bufferText(2, "read", "weights", "f32"),
      bufferText(3, "read_write", "fields", "f32"),
      BITS,
    ].join("\n"),
    left: "select(-1.0, 1.0, spinAt(r, k, job.z) == 1u)",
    // Consecutive depths lie side by side, and w is symmetric.
    right: "weights[c * job.y + k]",
    finish: "fields[r * job.y + c] = sum;",
  });
}

/** Invocations of a workgroup of {@link turnText} and {@link closeText}. */
export const LANES = 64;

/** Returns the kernel that sets the spins of 32 neurons of a row, if the row is open. The job: rows, neurons. */
export function turnText(type: "i32" | "f32"): string {
  return `
@group(0) @binding(0) var<uniform> job: vec4u;
${bufferText(1, "read_write", "spins", "u32")}
${bufferText(2, "read", "fields", type)}
${bufferText(3, "read", "limits", type)}
${bufferText(4, "read_write", "turned", "u32")}
${bufferText(5, "read_write", "records", "atomic<u32>")}
@compute @workgroup_size(${LANES}) fn turn(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  let words = (job.y + 31u) >> 5u;
  if (row >= job.x || id.x >= words || atomicLoad(&records[${RECORD}u * row]) != ${ENDS.open}u) { return; }
  let at = row * words + id.x;
  var word = 0u;
  let first = 32u * id.x;
  for (var i = first; i < min(first + 32u, job.y); i++) {
    word |= select(0u, 1u, fields[row * job.y + i] >= limits[i]) << (i & 31u);
  }
  let turns = word ^ spins[at];
  if (turns != 0u) { atomicStore(&records[${RECORD}u * row + 2u], 1u); }
  // The same neurons turning twice in a row lead back to the state of two sweeps ago.
  if (turns != turned[at]) { atomicStore(&records[${RECORD}u * row + 3u], 1u); }
  turned[at] = turns;
  spins[at] = word;
}`;
}

/** Returns the kernel that ends a sweep of each open row. */
export function closeText(): string {
  return `
@group(0) @binding(0) var<uniform> job: vec4u;
${bufferText(1, "read_write", "records", "vec4u")}
@compute @workgroup_size(${LANES}) fn close(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= job.x || records[id.x].x != ${ENDS.open}u) { return; }
  let end = select(select(${ENDS.open}u, ${ENDS.cycle}u, records[id.x].w == 0u), ${ENDS["fixed point"]}u, records[id.x].z == 0u);
  records[id.x] = vec4u(end, records[id.x].y + 1u, 0u, 0u);
}`;
}
