import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@basin/energy-core/random";
import { anneal, formatGset, maxCut, parseGset, type WeightedGraph, weightedGraph } from "@basin/ising";
import type { Contender, Contest } from "./contest.ts";

/**
 * Annealing Max-Cut, 1000 sweeps a read, one core: reads a second and the mean cut a read, against the same algorithm in
 * plain C with β linear from 0.1 to 3, the better of the settings that D-Wave's annealer was measured at.
 *
 * Graphs: random ones of the sizes of the G-set's, or the G-set itself where BASIN_GSET names a folder with its files.
 */

const SWEEPS = 1000;
const PEER_READS = 8;
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
}

const folder = mkdtempSync(join(tmpdir(), "basin-bench-"));
const peer = compile("anneal.c");

export const contests: readonly Contest[] = [
  ...Object.keys(SIZES).flatMap((name) => contestsOn(name, instance(name), [0.1, 3])),
  ...["G1", "G14"].flatMap((name) =>
    contestsOn(`${name} with normal weights`, gaussian(instance(name)), [0.1, 3]),
  ),
];

function contestsOn(name: string, graph: WeightedGraph, peerRange: readonly [number, number]): Contest[] {
  const ours = run(() => measureOurs(graph));
  const theirs = typeof peer === "string" ? run(() => measurePeer(peer, graph, peerRange)) : peer;
  const contest = (what: string, unit: string, pick: (figures: Figures) => number, aim: number): Contest => ({
    question: `${name}: ${what}`,
    unit,
    contenders: [
      { name: "basin", measure: async () => pick(await ours.next(unit)) },
      { name: "C", measure: "absent" in theirs ? theirs : async () => pick(await theirs.next(unit)) },
    ],
    ratios: [{ of: "basin", to: "C", aim }],
  });
  const speedup = name.includes("normal") ? 2 : 10;
  return [
    contest("reads a second", "reads/s", ({ readsPerSecond }) => readsPerSecond, speedup),
    contest("mean cut a read", "cut", ({ meanCut }) => meanCut, 1),
  ];
}

/** One measurement serves both of an instance's contests: whoever asks second gets what the first measured. */
function run(measure: () => Figures | Promise<Figures>) {
  const measured: Figures[] = [];
  const taken = new Map<string, number>();
  return {
    async next(unit: string): Promise<Figures> {
      const turn = taken.get(unit) ?? 0;
      taken.set(unit, turn + 1);
      if (turn === measured.length) measured.push(await measure());
      return measured[turn];
    },
  };
}

async function measureOurs(graph: WeightedGraph): Promise<Figures> {
  const { energies, timing } = await anneal(maxCut(graph), { reads: 128, sweeps: SWEEPS, seed: 1 });
  return {
    readsPerSecond: timing.readsPerSecond,
    meanCut: -energies.reduce((sum, energy) => sum + energy, 0) / energies.length,
  };
}

function measurePeer(program: string, graph: WeightedGraph, [hot, cold]: readonly [number, number]): Figures {
  const file = join(folder, "graph.txt");
  writeFileSync(file, formatGset(graph));
  const args = [file, PEER_READS, SWEEPS, hot, cold, 1].map(String);
  const { seconds, mean } = JSON.parse(execFileSync(program, args, { encoding: "utf8" }));
  return { readsPerSecond: PEER_READS / seconds, meanCut: mean };
}

function instance(name: string): WeightedGraph {
  const file = join(process.env.BASIN_GSET ?? "", `${name}.txt`);
  if (process.env.BASIN_GSET !== undefined && existsSync(file)) return parseGset(readFileSync(file, "utf8"));
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

function compile(source: string): string | Extract<Contender["measure"], { absent: string }> {
  const program = join(folder, "anneal");
  try {
    const from = join(import.meta.dirname, "native", source);
    execFileSync("gcc", ["-O3", "-march=native", "-o", program, from, "-lm"], { stdio: "pipe" });
    return program;
  } catch {
    return { absent: "gcc could not compile it here" };
  }
}
