import { DRAW } from "../../webgpu/program.ts";
import { type GraphPlan, LEVEL_BIT, rowWords } from "./plan.ts";

/** Numbers of the bindings. */
export const BINDING = {
  job: 0,
  generators: 1,
  rows: 2,
  spins: 3,
  nodes: 4,
  entries: 5,
  classes: 6,
  totals: 7,
} as const;
/** Invocations of a workgroup if no workgroup holds a word. */
export const LANES = 64;

type Text = Pick<GraphPlan, "levels" | "oneSize" | "bands" | "held"> & { readonly variables: number };

/** Returns what the kernel texts of a plan depend on. */
export const textOf = (plan: GraphPlan): Text => ({ ...plan, variables: plan.problem.variables });

/** A color's first place and its end; words of replicas; sweeps. */
const JOB = `@group(0) @binding(${BINDING.job}) var<uniform> job: vec4u;`;

const buffer = (name: keyof typeof BINDING, access: "read" | "read_write", type: string) =>
  `@group(0) @binding(${BINDING[name]}) var<storage, ${access}> ${name}: array<${type}>;`;

const GRAPH = `${buffer("nodes", "read", "vec2u")}
${buffer("entries", "read", "u32")}
const PLACE = ${2 ** LEVEL_BIT - 1}u;`;

/** Returns the kernel that sweeps the places of one color once, in all words. */
export function colorSweep(text: Text): string {
  return `
${declarations(text)}
fn spin(place: u32, word: u32) -> u32 { return spins[place * job.z + word]; }
${flips(text)}
@compute @workgroup_size(${LANES}) fn sweep(@builtin(global_invocation_id) id: vec3u) {
  let word = id.x % job.z;
  let band = id.x / job.z;
  if (band >= ${text.bands}u) { return; }
  s = generators[id.x];
  for (var place = job.x + band; place < job.y; place += ${text.bands}u) {
    spins[place * job.z + word] ^= flips(place, word, 0u);
  }
  generators[id.x] = s;
}`;
}

/** Returns the kernel that sweeps all colors of the words that a workgroup holds, one word each, `job.w` times. */
export function heldSweep(text: Text): string {
  const { bands, variables } = text;
  const copy = (body: string) =>
    `  for (var place = band; place < ${variables}u; place += ${bands}u) { ${body} }`;
  return `
${declarations(text)}
${buffer("classes", "read", "u32")}
var<workgroup> held: array<u32, ${variables + 1}>;
fn spin(place: u32, word: u32) -> u32 { return held[place]; }
${flips(text)}
@compute @workgroup_size(${bands}) fn sweep(
  @builtin(local_invocation_index) band: u32, @builtin(workgroup_id) group: vec3u) {
  let word = group.x;
  s = generators[band * job.z + word];
${copy("held[place] = spins[place * job.z + word];")}
  if (band == 0u) { held[${variables}u] = 0xffffffffu; }
  workgroupBarrier();
  for (var row = 0u; row < job.w; row++) {
    for (var color = job.x; color < job.y; color++) {
      let end = classes[color + 1u];
      for (var place = classes[color] + band; place < end; place += ${bands}u) {
        held[place] ^= flips(place, word, row);
      }
      workgroupBarrier();
    }
  }
${copy("spins[place * job.z + word] = held[place];")}
  generators[band * job.z + word] = s;
}`;
}

/**
 * Returns the kernel that counts, for each replica, the unsatisfied units and the spins whose flip lowers the energy.
 */
export function replicaTotals(): string {
  return `
${JOB}
${buffer("spins", "read", "u32")}
${GRAPH}
${buffer("totals", "read_write", "atomic<u32>")}
@compute @workgroup_size(${LANES}) fn measure(
  @builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = id.x >> 5u;
  if (word >= job.z) { return; }
  var unsatisfied = 0u;
  var better = 0u;
  for (var place = id.y; place < job.y; place += groups.y) {
    let own = spins[place * job.z + word];
    let end = nodes[place + 1u].x;
    var units = 0u;
    for (var k = nodes[place].x; k < end; k++) {
      let entry = entries[k];
      let other = entry & PLACE;
      let unlike = ((own ^ spins[other * job.z + word]) >> (id.x & 31u)) & 1u;
      let size = (unlike ^ (entry >> 31u)) << ((entry >> ${LEVEL_BIT}u) & 15u);
      units += size;
      // Every pair at its first place.
      unsatisfied += select(0u, size, other > place);
    }
    better += select(0u, 1u, 2u * units > nodes[place].y);
  }
  atomicAdd(&totals[2u * id.x], unsatisfied);
  atomicAdd(&totals[2u * id.x + 1u], better);
}`;
}

function declarations(text: Text): string {
  return `${JOB}
${buffer("generators", "read_write", "vec4u")}
${buffer("rows", "read", "u32")}
${buffer("spins", "read_write", "u32")}
${GRAPH}
const ROW = ${rowWords(text)}u;
${DRAW}
// Returns the replicas in among whose next uniform number is not below the threshold.
fn fail(among: u32, threshold: u32) -> u32 {
  var open = among;
  var failed = among;
  for (var k = 31u; k < 32u && open != 0u; k--) {
    let wanted = 0u - ((threshold >> k) & 1u);
    let decided = open & (draw() ^ wanted);
    failed &= ~(decided & wanted);
    open &= ~decided;
  }
  return failed;
}`;
}

/**
 * The replicas of a word in which a place's spin flips: counts satisfied units from −⌈D/2⌉ up, then tosses the coins.
 */
function flips({ levels, oneSize }: Text): string {
  const each = Array.from({ length: levels }, (_, level) => level);
  const count = each.map((level) => {
    const enters = oneSize
      ? ""
      : `    carry |= select(0u, satisfied, ((entry >> ${LEVEL_BIT}u) & 15u) == ${level}u);\n`;
    const last = level === levels - 1;
    return `${enters}    ${last ? "" : `let carry${level} = c${level} & carry; `}c${level} ^= carry;${last ? "" : ` carry = carry${level};`}`;
  });
  const tosses = each
    .slice(0, -1)
    .reverse()
    .map((bit) => `  moved ^= fail(uphill & moved & c${bit}, rows[row * ROW + ${2 + bit}u]);`);
  return `
fn flips(place: u32, word: u32, row: u32) -> u32 {
  let x = spin(place, word);
  let node = nodes[place];
  let end = nodes[place + 1u].x;
  let start = 0u - ((node.y + 1u) >> 1u);
${each.map((level) => `  var c${level} = 0u - ((start >> ${level}u) & 1u);`).join("\n")}
  for (var k = node.x; k < end; k++) {
    let entry = entries[k];
    let satisfied = ~(x ^ spin(entry & PLACE, word) ^ (0u - (entry >> 31u)));
    var carry = ${oneSize ? "satisfied" : "0u"};
${count.join("\n")}
  }
  let uphill = ~c${levels - 1};
  var moved = ~uphill | rows[row * ROW];
${tosses.join("\n")}
  if ((node.y & 1u) == 1u) { moved ^= fail(uphill & moved, rows[row * ROW + 1u]); }
  return moved;
}`;
}
