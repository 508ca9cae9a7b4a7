import { bufferText } from "@basin/energy-core/internal";
import { groupsOf, lanesOf, type Plan, type PlanNeighbor } from "./plan.ts";
import {
  around,
  BINDING,
  commonText,
  type DeviceKernel,
  type DeviceProgram,
  DRAW,
  TOTAL_PARTS,
} from "./program.ts";
import { flip, HEAD, type KernelText, mask } from "./wgsl-flip.ts";

/** Colors that a color's kernel reads beside its own. */
function othersOf({ neighbors }: Plan, color: number): number[] {
  return [...new Set(neighbors[color].map((neighbor) => neighbor.color))];
}

/** Returns what a device runs for a lattice of spins. @param signs of each color's bonds, where these differ. */
export function spinProgram(text: KernelText, signs: readonly Uint32Array[]): DeviceProgram {
  const { plan, counts, glass } = text;
  const colors = plan.neighbors.map((_, color) => color);
  const kernel = (code: string, reads: readonly number[], color: number): DeviceKernel => ({
    ...{ code, reads },
    ...(glass && { signs: plan.held ? 0 : color }),
  });
  const seen = (color: number) => [color, ...othersOf(plan, color)];
  return {
    states: { count: colors.length, label: "the spins of a color" },
    ...{ size: plan.size, bands: plan.bands, held: plan.held, signs },
    groups: groupsOf(plan),
    thresholds: 2 * counts * text.signs,
    sums: 2,
    halved: !plan.bipartite,
    sweeps: plan.held
      ? [kernel(heldSweep(text), colors, 0)]
      : colors.map((color) => kernel(colorSweep(text, color), seen(color), color)),
    measures: (plan.bipartite ? [0] : colors).map((color) =>
      kernel(colorTotals(text, color), seen(color), color),
    ),
  };
}

/** Returns the kernel that sweeps one color of lattices which no workgroup holds. */
function colorSweep(text: KernelText, color: number): string {
  const { plan } = text;
  return `
${declarations(text, [color], othersOf(plan, color))}
${HEAD}
@compute @workgroup_size(${lanesOf(plan)}) fn sweep(@builtin(global_invocation_id) id: vec3u) {
  let band = id.x;
  if (band >= ${plan.bands}u) { return; }
  let slot = job.x + id.y;
  s = generators[slot * ${plan.bands}u + band];
${highThresholds(text)}
${place(plan)}
  let first = slot * ${plan.size}u;
${eachRow(text, color, (c, at) => `spins${c}[first + ${at}]`, flip(text, `spins${color}[first + at]`))}
  generators[slot * ${plan.bands}u + band] = s;
}`;
}

/** Returns the kernel that sweeps lattices of which a workgroup holds one: all colors, `job.y` times. */
function heldSweep(text: KernelText): string {
  const { plan } = text;
  const colors = plan.neighbors.map((_, color) => color);
  const copy = (body: (color: number) => string) =>
    `  for (var i = 0u; i < ${plan.rowsEach}u; i++) {
    let at = (row + i) * ${plan.words}u + w;
${colors.map((c) => `    ${body(c)}`).join("\n")}
  }`;
  const held = (c: number, at: string) => `held[${c * plan.size}u + ${at}]`;
  return `
${declarations(text, colors, [])}
var<workgroup> held: array<u32, ${colors.length * plan.size}>;
${HEAD}
@compute @workgroup_size(${plan.bands}) fn sweep(
  @builtin(local_invocation_index) band: u32, @builtin(workgroup_id) group: vec3u) {
  let slot = job.x + group.y;
  s = generators[slot * ${plan.bands}u + band];
${highThresholds(text)}
${place(plan)}
  let first = slot * ${plan.size}u;
${copy((c) => `${held(c, "at")} = spins${c}[first + at];`)}
  workgroupBarrier();
  for (var sweep = 0u; sweep < job.y; sweep++) {
${colors.map((color) => `${eachRow(text, color, held, flip(text, held(color, "at")))}\n  workgroupBarrier();`).join("\n")}
  }
${copy((c) => `spins${c}[first + at] = ${held(c, "at")};`)}
  generators[slot * ${plan.bands}u + band] = s;
}`;
}

/** Returns the kernel that counts the unsatisfied bonds and the up spins that one color sees. */
function colorTotals(text: KernelText, color: number): string {
  const { plan } = text;
  const spins = (c: number, at: string) => `spins${c}[first + ${at}]`;
  // Where neighbors have two colors the first one's spins see every bond, and their next bits are the other spins.
  const up = plan.bipartite
    ? `countOneBits(x) + countOneBits(${middle({ color: 1, rows: [0, 0] })})`
    : "countOneBits(x)";
  const bonds = plan.neighbors[color].map((_, n) => `countOneBits(a${n})`).join(" + ");
  return `
${declarations(text, [], [color, ...othersOf(plan, color)], true)}
${HEAD}
var<workgroup> sums: array<atomic<u32>, 2>;
@compute @workgroup_size(${lanesOf(plan)}) fn measure(@builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  let band = id.x;
  let slot = job.x + id.y;
  if (band < ${plan.bands}u) {
${place(plan)}
  let first = slot * ${plan.size}u;
  var broken = 0u;
  var up = 0u;
${eachRow(text, color, spins, `    broken += ${bonds};\n    up += ${up};`)}
  atomicAdd(&sums[0], broken);
  atomicAdd(&sums[1], up);
  }
  workgroupBarrier();
  for (var k = lane; k < 2u; k += ${lanesOf(plan)}u) {
    let part = (job.z * job.w + slot) * ${TOTAL_PARTS}u + group.x % ${TOTAL_PARTS}u;
    atomicAdd(&totals[2u * part + k], atomicLoad(&sums[k]));
  }
}`;
}

function declarations(
  text: KernelText,
  own: readonly number[],
  read: readonly number[],
  totals = false,
): string {
  return [
    commonText(totals ? "measure" : "sweep"),
    ...(totals ? [] : [DRAW]),
    ...(text.glass ? [bufferText(BINDING.signs, "read", "signs", "u32")] : []),
    ...own.map((c) => bufferText(BINDING.states + c, "read_write", `spins${c}`, "u32")),
    ...read.map((c) => bufferText(BINDING.states + c, "read", `spins${c}`, "u32")),
  ].join("\n");
}

/** The rows of a band: `row` counts through all layers, `y` in one. */
function place({ words, rows, rowsEach }: Plan): string {
  return `  let w = band % ${words}u;
  let row = band / ${words}u * ${rowsEach}u;
  let layer = row / ${rows}u;
  let y0 = row % ${rows}u;`;
}

function highThresholds({ counts, signs }: KernelText): string {
  const classes = counts * signs;
  const lines = Array.from(
    { length: classes },
    (_, c) => `  let high${c} = thresholds[${2 * classes}u * slot + ${c}u];`,
  );
  return lines.join("\n");
}

const named = (x: number) => (x < 0 ? `m${-x}` : `${x}`);
const middle = ({ color, rows: [layer, row] }: Pick<PlanNeighbor, "color" | "rows">) =>
  `at_${color}_${named(layer)}_${named(row)}`;

/**
 * Visits the rows of a band: x holds 32 spins, a0, a1 … where their bonds are unsatisfied, `at` the place of x. Rows
 * that the next round needs again stay in registers.
 */
function eachRow(
  text: KernelText,
  color: number,
  read: (color: number, at: string) => string,
  body: string,
): string {
  const { plan, negative, glass } = text;
  const { layers, rows, rowsEach, words } = plan;
  const neighbors = plan.neighbors[color];
  const rowStart = ([layer, row]: readonly [number, number], y: string) =>
    `(${around("layer", layer, layers)} * ${rows}u + ${around(y, row, rows)}) * ${words}u`;
  const places = [...new Map(neighbors.map((n) => [middle(n), n])).values()];
  const later = (n: PlanNeighbor) =>
    places.find((m) => m.color === n.color && m.rows[0] === n.rows[0] && m.rows[1] === n.rows[1] + 1);
  const kept = rowsEach === 1 ? [] : places.filter((n) => later(n) !== undefined);
  const load = (n: PlanNeighbor, y: string) => read(n.color, `${rowStart(n.rows, y)} + w`);
  return `
  {
${kept.map((n) => `  var ${middle(n)} = ${load(n, "y0")};`).join("\n")}
  for (var i = 0u; i < ${rowsEach}u; i++) {
    let y = y0 + i;
    let odd = ((y + layer) & 1u) == 1u;
    let at = (layer * ${rows}u + y) * ${words}u + w;
    let x = ${read(color, "at")};
${places
  .filter((n) => !kept.includes(n))
  .map((n) => `    let ${middle(n)} = ${load(n, "y")};`)
  .join("\n")}
${neighbors
  .map((n, k) => {
    const far = (word: string) => read(n.color, `${rowStart(n.rows, "y")} + ${word}`);
    const sign = glass
      ? ` ^ signs[${plan.held ? color * plan.size * plan.z : 0}u + at * ${plan.z}u + ${k}u]`
      : "";
    const unlike = `(x ^ ${neighborWord(plan, n, far)}${sign})`;
    return `    let a${k} = ${negative ? "~" : ""}${unlike} & ${mask(plan)};`;
  })
  .join("\n")}
${body}
${kept.map((n) => `    ${middle(n)} = ${middle(later(n) as PlanNeighbor)};`).join("\n")}
  }
  }`;
}

/** The bits of a neighbor, shifted so that they stand where x's do. */
function neighborWord({ bits, words }: Plan, n: PlanNeighbor, far: (word: string) => string): string {
  const m = middle(n);
  const next = `select(w + 1u, 0u, w + 1u == ${words}u)`;
  const last = `select(w - 1u, ${words - 1}u, w == 0u)`;
  const shifted = (by: number, from: string) =>
    by === 0
      ? m
      : by < 0
        ? `((${m} << 1u) | (${from} >> ${bits - 1}u))`
        : `((${m} >> 1u) | (${from} << ${bits - 1}u))`;
  const [even, odd] = n.shift;
  if (even === odd) return shifted(even, even === 0 || words === 1 ? m : far(even < 0 ? last : next));
  if (words === 1) return `select(${shifted(even, m)}, ${shifted(odd, m)}, odd)`;
  // One load serves both: the bit that comes from the next word, or from the one before.
  const word = `select(${even < 0 ? last : next}, ${odd < 0 ? last : next}, odd)`;
  return `alongRow(${m}, ${far(word)}, odd == ${odd > 0})`;
}
