import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@basin/energy-core/random";
import {
  aggregate,
  anneal,
  formatProblem,
  maxCut,
  parseProblem,
  type WeightedGraph,
  weightedGraph,
} from "@basin/ising";
import type { Contest } from "./contest.ts";
import { compileNative, type Native } from "./native.ts";

/**
 * Annealing Max-Cut, one core, against the same algorithm in plain C with β linear from 0.1 to 3, the better of the
 * settings that D-Wave's annealer was measured at: reads a second and mean cut a read at 1000 sweeps each, and reads a
 * second at no lower mean cut than the C program's 1000 sweeps give, where Basin may do with fewer. Then what it costs
 * and brings when replicas share thresholds.
 *
 * Graphs: random ones of the sizes of the G-set's, or the G-set itself where BASIN_GSET names a folder with its files.
 */

const SWEEPS = 1000;
const FEWER_SWEEPS = 500;
const PEER_READS = 32;
const OUR_READS = 128;
const SIZES: Record<string, readonly [nodes: number, edges: number]> = {
  G1: [800, 19176],
  G14: [800, 4694],
  G22: [2000, 19990],
  G43: [1000, 9990],
  G55: [5000, 12498],
  G70: [10000, 9999],
};

interface Figures {
  readonly readsPerSecond: number;
  readonly meanCut: number;
  readonly deviation: number;
  readonly states: number;
}

const peer = compileNative(join(import.meta.dirname, "native", "anneal.c"), ["-O3", "-march=native"]);
const folder = mkdtempSync(join(tmpdir(), "basin-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The graphs of the G-set that the folder BASIN_GSET holds. */
const HELD = new Map<string, WeightedGraph>();
for (const name of Object.keys(SIZES)) {
  const file = join(process.env.BASIN_GSET ?? "", `${name}.txt`);
  if (process.env.BASIN_GSET === undefined || !existsSync(file)) continue;
  HELD.set(name, (await parseProblem(readFileSync(file))).graph as WeightedGraph);
}

export const contests: readonly Contest[] = [
  ...Object.keys(SIZES).flatMap((name) => contestsOn(name, () => instance(name), 10)),
  ...Object.keys(SIZES).flatMap((name) =>
    contestsOn(`${name} with normal weights`, () => gaussian(instance(name)), 2),
  ),
  ...["G1", "G14"].flatMap((name) => sharingOn(name, () => instance(name))),
];

function contestsOn(name: string, graph: () => WeightedGraph, speedup: number): Contest[] {
  const ours = run(() => measureOurs(graph(), { sweeps: SWEEPS }));
  const fewer = run(() => measureOurs(graph(), { sweeps: FEWER_SWEEPS }));
  const theirs = "absent" in peer ? peer : run(() => measurePeer(peer, graph()));
  const best = async (contest: string): Promise<number> => {
    const [few, many] = [await fewer(contest), await ours(contest)];
    const bar = "absent" in theirs ? many.meanCut : (await theirs(`${contest}, to compare`)).meanCut;
    return few.meanCut >= bar ? few.readsPerSecond : many.readsPerSecond;
  };
  const contest = (
    what: string,
    unit: string,
    measure: () => Promise<number>,
    pick: (figures: Figures) => number,
    aim: number,
  ): Contest => ({
    question: `${name}: ${what}`,
    unit,
    contenders: [
      { name: "basin", measure },
      { name: "C", measure: "absent" in theirs ? theirs : async () => pick(await theirs(what)) },
    ],
    ratios: [{ of: "basin", to: "C", aim }],
  });
  const [speed, cut] = [(f: Figures) => f.readsPerSecond, (f: Figures) => f.meanCut];
  return [
    contest("1000 sweeps each", "reads/s", async () => speed(await ours("speed")), speed, speedup),
    contest("mean cut a read", "cut", async () => cut(await ours("cut")), cut, 1),
    contest("at no lower mean cut", "reads/s", () => best("quality"), speed, speedup),
  ];
}

/** Replicas with random numbers of their own against replicas that share one a visit, 300 sweeps. */
function sharingOn(name: string, graph: () => WeightedGraph): Contest[] {
  const kinds = (["independent", "shared"] as const).map((thresholds) => ({
    name: thresholds,
    next: run(() => measureOurs(graph(), { sweeps: 300, thresholds })),
  }));
  const contest = (what: string, unit: string, pick: (figures: Figures) => number): Contest => ({
    question: `${name}, thresholds: ${what}`,
    unit,
    contenders: kinds.map(({ name: kind, next }) => ({
      name: kind,
      measure: async () => pick(await next(what)),
    })),
    ratios: [{ of: "shared", to: "independent" }],
  });
  return [
    contest("speed", "reads/s", ({ readsPerSecond }) => readsPerSecond),
    contest("mean cut a read", "cut", ({ meanCut }) => meanCut),
    contest("standard deviation of the cut", "cut", ({ deviation }) => deviation),
    contest("different states at the end", `of ${OUR_READS}`, ({ states }) => states),
  ];
}

/** One measurement serves several contests: whoever asks later gets, turn by turn, what the first one measured. */
function run(measure: () => Figures | Promise<Figures>): (contest: string) => Promise<Figures> {
  const measured: Figures[] = [];
  const taken = new Map<string, number>();
  return async (contest) => {
    const turn = taken.get(contest) ?? 0;
    taken.set(contest, turn + 1);
    if (turn === measured.length) measured.push(await measure());
    return measured[turn];
  };
}

async function measureOurs(graph: WeightedGraph, options: Parameters<typeof anneal>[1]): Promise<Figures> {
  const problem = maxCut(graph);
  // The first calls of a kernel run code that the engine has not yet optimized.
  await anneal(problem, { ...options, reads: OUR_READS, seed: 2, sweeps: 50 });
  const result = await anneal(problem, { reads: OUR_READS, seed: 1, ...options });
  const { energies, timing } = result;
  const meanCut = -energies.reduce((sum, energy) => sum + energy, 0) / energies.length;
  const square = energies.reduce((sum, energy) => sum + (energy + meanCut) ** 2, 0) / energies.length;
  return {
    readsPerSecond: timing.readsPerSecond,
    meanCut,
    deviation: Math.sqrt(square),
    states: aggregate(result).energies.length,
  };
}

function measurePeer({ run: program }: Extract<Native, { run: unknown }>, graph: WeightedGraph): Figures {
  const file = join(folder, "graph.txt");
  writeFileSync(file, formatProblem({ graph: graph, problem: maxCut(graph) }, "gset"));
  const { seconds, mean } = JSON.parse(program([file, PEER_READS, SWEEPS, 0.1, 3, 1].map(String)));
  return {
    readsPerSecond: PEER_READS / seconds,
    meanCut: mean,
    deviation: Number.NaN,
    states: Number.NaN,
  };
}

function instance(name: string): WeightedGraph {
  const held = HELD.get(name);
  if (held !== undefined) return held;
  const [nodes, edges] = SIZES[name];
  const rng = createRng(1);
  const seen = new Set<number>();
  while (seen.size < edges) {
    const [a, b] = [rng.index(nodes), rng.index(nodes)];
    if (a < b) seen.add(a * nodes + b);
  }
  return weightedGraph(
    nodes,
    Array.from(seen, (key) => [Math.floor(key / nodes), key % nodes] as const),
  );
}

function gaussian(graph: WeightedGraph): WeightedGraph {
  const rng = createRng(2);
  return { ...graph, weights: graph.weights.map(() => rng.normal()) };
}
