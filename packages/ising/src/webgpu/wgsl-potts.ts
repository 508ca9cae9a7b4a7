import { bufferText } from "@basin/energy-core/internal";
import type { SweepRule } from "../sweep/rules.ts";
import type { PlanNeighbor } from "./plan.ts";
import type { PottsPlan } from "./potts-plan.ts";
import { countsOf } from "./potts-weights.ts";
import { around, BINDING, commonText, type DeviceProgram, DRAW, TOTAL_PARTS } from "./program.ts";

/** Invocations of a workgroup where none has a lattice. */
const lanesOf = ({ bands }: PottsPlan) => Math.min(64, bands);

/** Returns what a device runs for a lattice of labels. @param signs of its bonds, where these differ. */
export function pottsProgram(plan: PottsPlan, rule: SweepRule, signs: readonly Uint32Array[]): DeviceProgram {
  const colors = plan.neighbors.map((_, color) => color);
  const kernel = (code: string) => ({ code, reads: [0], ...(plan.glass && { signs: 0 }) });
  return {
    states: { count: 1, label: "the labels" },
    ...{ size: colors.length * plan.words, bands: plan.bands, held: plan.held, signs },
    groups: Math.ceil(plan.bands / lanesOf(plan)),
    thresholds: wordsOfWeights(plan),
    sums: 1 + plan.states,
    halved: !plan.bipartite,
    sweeps: plan.held
      ? [kernel(sweepText(plan, rule, colors))]
      : colors.map((color) => kernel(sweepText(plan, rule, [color]))),
    measures: [kernel(totalsText(plan))],
  };
}

/** Returns the words of a slot's weights. */
export function wordsOfWeights(plan: PottsPlan): number {
  return 2 * countsOf(plan).counts * Math.max(1, plan.field.length);
}

const HIGH = `
fn high(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let left = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let right = (a & 0xffffu) * (b >> 16u) + (left & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u);
}
`;

/** Sweeps colors one after the other, `job.y` times: one of them, or all where a workgroup has the lattice. */
function sweepText(plan: PottsPlan, rule: SweepRule, colors: readonly number[]): string {
  const lanes = plan.held ? plan.bands : lanesOf(plan);
  const visit = (color: number) => `
    if (band < ${plan.bands}u) {
${eachSite(plan, color, rule === "heat-bath" ? heatBath(plan) : metropolis(plan), "      labels[first + w] = word;")}
    }`;
  return `
${commonText("sweep")}
${declarations(plan, "read_write")}
${DRAW}${HIGH}
@compute @workgroup_size(${lanes}) fn sweep(@builtin(global_invocation_id) id: vec3u) {
  let band = id.x;
  let slot = job.x + id.y;
  let table = ${wordsOfWeights(plan)}u * slot;
  if (band < ${plan.bands}u) { s = generators[slot * ${plan.bands}u + band]; }
  for (var sweep = 0u; sweep < job.y; sweep++) {
${colors.map((color) => `${visit(color)}\n    storageBarrier();`).join("\n")}
  }
  if (band < ${plan.bands}u) { generators[slot * ${plan.bands}u + band] = s; }
}`;
}

function declarations({ glass }: PottsPlan, access: "read" | "read_write"): string {
  return `${bufferText(BINDING.states, access, "labels", "u32")}
${glass ? bufferText(BINDING.signs, "read", "signs", "u32") : ""}
fn labelAt(k: u32) -> u32 { return extractBits(labels[k >> 2u], 8u * (k & 3u), 8u); }`;
}

/** Visits the sites of a band: l0, l1 … are the labels of a site's neighbors, s0, s1 … the signs of its bonds. */
function eachSite(plan: PottsPlan, color: number, body: string, after = ""): string {
  const { words, wordsEach, bands, sites, half, rows, glass, neighbors } = plan;
  const size = neighbors.length * words;
  const lines = neighbors[color].flatMap((neighbor, n) => [
    neighborText(plan, neighbor, n),
    ...(glass ? [`let s${n} = select(1u, 0xffffffffu, extractBits(sign, 8u * j + ${n}u, 1u) == 1u);`] : []),
  ]);
  return `
      for (var i = 0u; i < ${wordsEach}u; i++) {
      let w = band + i * ${bands}u;
      if (w >= ${words}u) { break; }
      let first = slot * ${size}u + ${color * words}u;
      var word = labels[first + w];
      ${glass ? `let sign = signs[${color * words}u + w];` : ""}
      for (var j = 0u; j < 4u; j++) {
        let k = 4u * w + j;
        if (k >= ${sites}u) { break; }
        let x = k % ${half}u;
        let y = k / ${half}u % ${rows}u;
        let layer = k / ${half * rows}u;
        let odd = ((layer + y) & 1u) == 1u;
        ${lines.join("\n        ")}
        let old = extractBits(word, 8u * j, 8u);
${body}
      }
${after}
      }`;
}

function neighborText(
  plan: PottsPlan,
  { color, rows: [layer, row], shift }: PlanNeighbor,
  n: number,
): string {
  const line = `${around("layer", layer, plan.layers)} * ${plan.rows}u + ${around("y", row, plan.rows)}`;
  const [even, odd] = shift.map((by) => around("x", by, plan.half));
  const column = even === odd ? even : `select(${even}, ${odd}, odd)`;
  const start = `4u * (slot * ${plan.neighbors.length * plan.words}u + ${color * plan.words}u)`;
  return `let l${n} = labelAt(${start} + (${line}) * ${plan.half}u + ${column});`;
}

/** The place in the table of the weight of a label. */
function entry(plan: PottsPlan, label: string): string {
  const { counts, none } = countsOf(plan);
  const terms = plan.neighbors[0].map(
    (_, n) => `select(0u, ${plan.glass ? `s${n}` : "1u"}, l${n} == ${label})`,
  );
  const row = plan.field.length > 0 ? `${counts}u * ${label} + ` : "";
  return `table + 2u * (${row}${none}u + ${terms.join(" + ")})`;
}

/** Draws a label by the weights of all, which are brought to the highest exponent. */
function heatBath(plan: PottsPlan): string {
  const q = plan.states;
  return `
        var weight: array<u32, ${q}>;
        var power: array<u32, ${q}>;
        var top = 0u;
        for (var a = 0u; a < ${q}u; a++) {
          let at = ${entry(plan, "a")};
          weight[a] = thresholds[at];
          power[a] = thresholds[at + 1u];
          top = max(top, power[a]);
        }
        var total = 0u;
        for (var a = 0u; a < ${q}u; a++) {
          weight[a] = weight[a] >> min(top - power[a], 31u);
          total += weight[a];
        }
        var rest = high(draw(), total);
        var label = 0u;
        while (rest >= weight[label]) {
          rest -= weight[label];
          label++;
        }
        word = insertBits(word, label, 8u * j, 8u);`;
}

/** Proposes another label, with the laziness of all sweeps in a fixed order: one of 64 proposals is dropped. */
function metropolis(plan: PottsPlan): string {
  const q = plan.states;
  return `
        let proposal = draw();
        if ((proposal & 63u) != 0u) {
          var label = old + 1u + high(proposal, ${q - 1}u);
          if (label >= ${q}u) { label -= ${q}u; }
          let before = ${entry(plan, "old")};
          let after = ${entry(plan, "label")};
          let powers = vec2u(thresholds[before + 1u], thresholds[after + 1u]);
          var accepted = powers.y > powers.x || (powers.y == powers.x && thresholds[after] >= thresholds[before]);
          if (!accepted) {
            accepted = high(draw(), thresholds[before]) < (thresholds[after] >> min(powers.x - powers.y, 31u));
          }
          if (accepted) { word = insertBits(word, label, 8u * j, 8u); }
        }`;
}

/** Counts the equal neighbors that one color sees, or all where neighbors have four; with signs one more a bond. */
function totalsText(plan: PottsPlan): string {
  const lanes = lanesOf(plan);
  const sums = 1 + plan.states;
  const bonds = plan.neighbors[0].map((_, n) =>
    plan.glass ? `1u + select(0u, s${n}, l${n} == old)` : `select(0u, 1u, l${n} == old)`,
  );
  const visit = (color: number) => {
    const seen = !plan.bipartite || color === 0;
    const body = `        atomicAdd(&sums[1u + old], 1u);${seen ? `\n        equal += ${bonds.join(" + ")};` : ""}`;
    return eachSite(plan, color, body);
  };
  return `
${commonText("measure")}
${declarations(plan, "read")}
var<workgroup> sums: array<atomic<u32>, ${sums}>;
@compute @workgroup_size(${lanes}) fn measure(@builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let band = id.x;
  let slot = job.x + id.y;
  if (band < ${plan.bands}u) {
    var equal = 0u;
${plan.neighbors.map((_, color) => visit(color)).join("\n")}
    atomicAdd(&sums[0], equal);
  }
  workgroupBarrier();
  for (var k = lane; k < ${sums}u; k += ${lanes}u) {
    let part = (job.z * job.w + slot) * ${TOTAL_PARTS}u + group.x % ${TOTAL_PARTS}u;
    atomicAdd(&totals[${sums}u * part + k], atomicLoad(&sums[k]));
  }
}`;
}
