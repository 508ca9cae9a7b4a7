import { bufferText } from "@basin/energy-core/internal";
import { product } from "./product.ts";

/** Invocations that weigh the patterns for a query. */
const LANES = 64;

/** Returns the kernel of the scores ξ^μ·x + b_μ of each query. */
export function scoresText(): string {
  return product({
    type: "f32",
    buffers: [
      bufferText(1, "read", "queries", "f32"),
      bufferText(2, "read", "keys", "f32"),
      bufferText(3, "read", "bias", "f32"),
      bufferText(4, "read_write", "scores", "f32"),
    ].join("\n"),
    left: "queries[r * job.z + k]",
    right: "keys[c * job.z + k]",
    finish: "scores[r * job.y + c] = sum + bias[c];",
  });
}

/** Returns the kernel of the means Σ_μ w_μ v^μ / Σ_μ w_μ of each query. */
export function meansText(): string {
  return product({
    type: "f32",
    buffers: [
      bufferText(1, "read", "weights", "f32"),
      bufferText(2, "read", "values", "f32"),
      bufferText(3, "read", "totals", "f32"),
      bufferText(4, "read_write", "means", "f32"),
    ].join("\n"),
    left: "weights[r * job.z + k]",
    right: "values[k * job.y + c]",
    finish: "means[r * job.y + c] = sum / max(totals[r], 1e-30);",
  });
}

/**
 * Returns the kernel that turns the scores of a query into weights, in place: exp(β (score − largest)), or 1 above the
 * query's threshold and 0 elsewhere. It notes the weights' sum and the first pattern of the largest score.
 */
export function weightsText(relu: boolean): string {
  return `
@group(0) @binding(0) var<uniform> job: vec4u;
${bufferText(1, "read_write", "scores", "f32")}
${relu ? bufferText(2, "read", "thresholds", "f32") : ""}
${bufferText(3, "read_write", "totals", "f32")}
${bufferText(4, "read_write", "nearest", "u32")}
var<workgroup> best: array<f32, ${LANES}>;
var<workgroup> at: array<u32, ${LANES}>;
var<workgroup> sums: array<f32, ${LANES}>;
@compute @workgroup_size(${LANES}) fn weigh(
  @builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let first = group.x * job.y;
  best[lane] = bitcast<f32>(0xff7fffffu);
  at[lane] = lane;
  for (var p = lane; p < job.y; p += ${LANES}u) {
    if (scores[first + p] > best[lane]) { best[lane] = scores[first + p]; at[lane] = p; }
  }
  workgroupBarrier();
  for (var half = ${LANES / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) {
      let other = best[lane + half];
      if (other > best[lane] || (other == best[lane] && at[lane + half] < at[lane])) {
        best[lane] = other;
        at[lane] = at[lane + half];
      }
    }
    workgroupBarrier();
  }
  var sum = 0.0;
  for (var p = lane; p < job.y; p += ${LANES}u) {
    let weight = ${relu ? "select(0.0, 1.0, scores[first + p] > thresholds[group.x])" : "exp(bitcast<f32>(job.w) * (scores[first + p] - best[0]))"};
    scores[first + p] = weight;
    sum += weight;
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = ${LANES / 2}u; half > 0u; half >>= 1u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { totals[group.x] = sums[0]; nearest[group.x] = at[0]; }
}`;
}
