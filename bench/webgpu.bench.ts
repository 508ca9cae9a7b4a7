import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CapabilityError } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { type FoundGpu, type GpuEntry, gpuDevice } from "@basin/energy-core/webgpu";
import {
  anneal,
  createModel,
  type Lattice,
  type LatticeName,
  maxCut,
  simulate,
  solve,
  type WeightedGraph,
  weightedGraph,
} from "@basin/ising";
import { gpu } from "@basin/ising/webgpu";
import type { Contender, Contest } from "./contest.ts";
import { plainSquare } from "./webgpu/plain.ts";

/**
 * Lattices on the GPU of this machine: npm's `webgpu` as an install finds it, in the folder that BASIN_WEBGPU names, or
 * one platform's binary of Dawn, whose path BASIN_DAWN gives. A software GPU (VK_ICD_FILENAMES of chromium's
 * SwiftShader) gets a small lattice. The figures of a hand-written kernel on an H200: 1423 at 8192², 1800 at 16384².
 */
interface NodeWebGpu {
  create(flags: string[]): GpuEntry;
}

async function entry(): Promise<GpuEntry | undefined> {
  const { BASIN_DAWN: dawn, BASIN_WEBGPU: folder } = process.env;
  if (dawn) return (createRequire(import.meta.url)(dawn) as NodeWebGpu).create([]);
  if (!folder) return undefined;
  const file = pathToFileURL(join(folder, "node_modules/webgpu/index.js")).href;
  return ((await import(file)) as NodeWebGpu).create([]);
}

/** Dawn's devices do not outlive it. */
const given = await entry();
const found = await gpuDevice(given && { gpu: given }).catch((error) => {
  if (!(error instanceof CapabilityError)) throw error;
  return error;
});
const description = found instanceof CapabilityError ? `none: ${found.message}` : found.description;
console.log(`GPU: ${description}`);
const software = /swiftshader|llvmpipe/i.test(description);

const BETA_C = Math.log1p(Math.SQRT2) / 2;
const LEAST_MS = 500;

/** Flips a nanosecond of `work(sweeps)`, doubled until it takes a while, without the first call. */
async function rate(flipsASweep: number, work: (sweeps: number) => Promise<unknown>): Promise<number> {
  await work(10);
  for (let sweeps = 10; ; sweeps *= 2) {
    const begun = performance.now();
    await work(sweeps);
    const took = performance.now() - begun;
    if (took >= LEAST_MS) return (flipsASweep * sweeps) / took / 1e6;
  }
}

/** Lattices with a measurement every ten sweeps, each at a β of its own. */
async function measured({ device }: FoundGpu, model: Lattice, groups: number): Promise<number> {
  const streams = (group: number) => createRng(1).split(group);
  const walkers = await gpu({ device, start: "ordered" }).walkers(model, { groups, streams });
  const betas = Float64Array.from({ length: groups }, (_, g) => BETA_C * (1 + 0.02 * (g - (groups - 1) / 2)));
  try {
    return await rate(model.variables * groups, (sweeps) => {
      const rounds = Math.ceil(sweeps / 10);
      return walkers.can.record(
        10,
        betas,
        new Float64Array(rounds * groups),
        new Float64Array(rounds * groups),
      );
    });
  } finally {
    walkers.dispose();
  }
}

async function byHand({ device }: FoundGpu, side: number): Promise<number> {
  const lattice = await plainSquare(device, side, BETA_C);
  const work = async (sweeps: number) => {
    for (let done = 0; done < sweeps; done += 50) lattice.sweep(Math.min(50, sweeps - done));
    await lattice.done();
  };
  try {
    return await rate(side ** 2, work);
  } finally {
    lattice.dispose();
  }
}

const contender = (name: string, measure: (gpu: FoundGpu) => Promise<number>): Contender => ({
  name,
  measure: found instanceof CapabilityError ? { absent: found.message } : () => measure(found),
});

const lattices: readonly [LatticeName, number, number][] = software
  ? [["square", 1024, 1]]
  : [
      ["square", 4096, 1],
      ["square", 16384, 1],
      ["square", 1024, 64],
      ["square", 2048, 32],
      ["triangular", 8192, 1],
      ["cubic", 512, 1],
    ];
const titleOf = (name: string, side: number, groups: number) =>
  `${groups === 1 ? "" : `${groups} × `}${name} ${side}`;
const side = software ? 1024 : 16384;

async function onTheCpu(): Promise<number> {
  const model = createModel("square", 1024);
  const { performance: speed } = await simulate(model, {
    inverseTemperature: BETA_C,
    sweeps: 40,
    warmup: 4,
    seed: 1,
  });
  return speed.flipsPerNanosecond;
}

/** Random graphs of the sizes of the G-set's. */
const GRAPHS: Readonly<Record<string, readonly [nodes: number, edges: number]>> = software
  ? { small: [200, 1000] }
  : { G22: [2000, 19990], G55: [5000, 12498] };
const ANNEALING = software ? { reads: 128, sweeps: 50 } : { reads: 16384, sweeps: 1000 };

function randomGraph([nodes, edges]: readonly [nodes: number, edges: number]): WeightedGraph {
  const rng = createRng(1);
  const pairs = new Map<number, readonly [number, number]>();
  while (pairs.size < edges) {
    const [i, j] = [rng.index(nodes), rng.index(nodes)].sort((a, b) => a - b);
    if (i < j) pairs.set(i * nodes + j, [i, j]);
  }
  return weightedGraph(nodes, [...pairs.values()]);
}

/**
 * Reads a second of one round on the device: starting states, states that no flip improves and their energies counted.
 */
async function annealedOnGpu({ device }: FoundGpu, graph: WeightedGraph): Promise<number> {
  const once = () => solve(maxCut(graph), { method: "anneal", reduce: false, device, seed: 1, ...ANNEALING });
  await once();
  return (await once()).timing.readsPerSecond;
}

async function annealedOnCpu(graph: WeightedGraph): Promise<number> {
  const { timing } = await anneal(maxCut(graph), { reads: 128, sweeps: ANNEALING.sweeps, seed: 1 });
  return timing.readsPerSecond;
}

export const contests: readonly Contest[] = [
  {
    question: "How fast does a GPU sweep lattices, with a measurement every ten sweeps?",
    unit: "flips/ns",
    contenders: [
      ...lattices.map(([name, length, groups]) =>
        contender(titleOf(name, length, groups), (device) =>
          measured(device, createModel(name, length), groups),
        ),
      ),
      contender(`square ${side}, a kernel by hand`, (device) => byHand(device, side)),
      { name: "square 1024, one core", measure: onTheCpu },
    ],
    ratios: [
      { of: titleOf("square", side, 1), to: `square ${side}, a kernel by hand`, aim: 0.85 },
      { of: titleOf("square", side, 1), to: "square 1024, one core" },
    ],
  },
  ...Object.entries(GRAPHS).map(([name, size]) => ({
    question: `How many reads a second of ${ANNEALING.sweeps} sweeps does annealing make on a graph like ${name}?`,
    unit: "reads/s",
    contenders: [
      contender("a GPU", (device) => annealedOnGpu(device, randomGraph(size))),
      { name: "one core", measure: () => annealedOnCpu(randomGraph(size)) },
    ],
    ratios: [{ of: "a GPU", to: "one core", aim: 50 }],
  })),
];
