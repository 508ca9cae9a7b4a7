import { join } from "node:path";
import { createRng } from "@basin/energy-core/random";
import {
  type Algorithm,
  createLattice,
  createModel,
  type Lattice,
  onsager,
  simulate,
  simulateAll,
} from "@basin/ising";
import type { Contender, Contest } from "./contest.ts";
import { compileNative } from "./native.ts";

const temperature = onsager.criticalTemperature;
const own = compileNative(join(import.meta.dirname, "native", "ising.c"), ["-O3", "-msse4.2"]);
const reference = process.env.BASIN_NATIVE_ISING;
const given = reference ? compileNative(reference, ["-O3", "-msse4.2", "-DVB=16"]) : undefined;

/** Spins to visit in one measurement: about half a second of the fast programs. */
const WORK = 2e9;

function ours(
  name: string,
  size: number,
  algorithm: Algorithm,
  kernel: "wasm" | "typescript",
  work: number,
): Contender {
  return {
    name,
    async measure() {
      const live = await createLattice(createModel("square", size), {
        algorithm,
        start: "ordered",
        seed: 1,
        kernel,
      });
      const sweeps = Math.ceil(work / size ** 2);
      live.sweep(Math.ceil(sweeps / 5), { temperature });
      const begun = performance.now();
      live.sweep(sweeps, { temperature });
      return (sweeps * size ** 2) / (1e6 * (performance.now() - begun));
    },
  };
}

/** One spin at a time with arbitrary couplings and a field for each site, or clusters. */
function general(
  name: string,
  size: number,
  algorithm: Algorithm,
  options: Parameters<typeof createModel>[2],
  sweeps: number,
): Contender {
  return {
    name,
    async measure() {
      const live = await createLattice(createModel("square", size, options), {
        algorithm,
        start: "ordered",
        seed: 1,
      });
      for (let warm = 0; warm < 10; warm++) live.sweep(sweeps / 10, { temperature });
      const begun = performance.now();
      live.sweep(sweeps, { temperature });
      return (sweeps * size ** 2) / (1e6 * (performance.now() - begun));
    },
  };
}

/** Any lattice that is packed, at a temperature of its own. */
function packed(
  name: string,
  model: () => Lattice,
  own: number,
  algorithm: Algorithm = "metropolis",
): Contender {
  return {
    name,
    async measure() {
      const lattice = model();
      const live = await createLattice(lattice, { algorithm, start: "random", seed: 1 });
      const sweeps = Math.ceil(WORK / 4 / lattice.variables);
      live.sweep(Math.ceil(sweeps / 5), { temperature: own });
      const begun = performance.now();
      live.sweep(sweeps, { temperature: own });
      return (sweeps * lattice.variables) / (1e6 * (performance.now() - begun));
    },
  };
}

/** Eight independent runs, each long beside the start of a thread. */
function threads(workers: number): Contender {
  const size = 1024;
  const sweeps = 4000;
  const runs = Array.from({ length: 8 }, (_, replica) => ({
    model: createModel("square", size),
    temperature,
    sweeps,
    warmup: 0,
    seed: 1,
    replica,
  }));
  return {
    name: workers === 1 ? "one worker" : `${workers} workers`,
    async measure() {
      const begun = performance.now();
      await simulateAll(runs, { workers });
      return (runs.length * sweeps * size ** 2) / (1e6 * (performance.now() - begun));
    },
  };
}

/** Spins swept a nanosecond of sweeping, and of sweeping with a measurement after every sweep. */
function measuring(measured: boolean): Contender {
  return {
    name: measured ? "sweeping and measuring" : "sweeping",
    async measure() {
      const run = await simulate(createModel("square", 1024), {
        temperature,
        sweeps: 500,
        warmup: 20,
        seed: 1,
      });
      const { sweepSeconds, measureSeconds } = run.performance;
      return (500 * run.sites) / (1e9 * (sweepSeconds + (measured ? measureSeconds : 0)));
    },
  };
}

const glass: Parameters<typeof createModel>[2] = {
  disorder: "gaussian",
  field: Array.from({ length: 128 ** 2 }, (_, i) => 0.1 * Math.sin(i)),
};

function native(name: string, mode: "packed" | "scalar", size: number, work: number): Contender {
  if ("absent" in own) return { name, measure: own };
  const sweeps = String(Math.ceil(work / size ** 2));
  return { name, measure: () => JSON.parse(own.run([mode, String(size), sweeps])).flipsPerNanosecond };
}

function nativeGiven(name: string, size: number): Contender[] {
  if (given === undefined) return [];
  if ("absent" in given) return [{ name, measure: given }];
  const args = [String(size), String(1 / temperature), String(WORK / 5)];
  return [{ name, measure: () => JSON.parse(given.run(args)).flipsPerNanosecond }];
}

/** The program that is written everywhere: a random site, Math.random, Math.exp. */
function plain(size: number): Contender {
  return {
    name: "plain JavaScript, random sites",
    measure() {
      const spins = new Int8Array(size * size).fill(1);
      const visits = 1e7;
      const begun = performance.now();
      for (let visit = 0; visit < visits; visit++) {
        const x = Math.floor(Math.random() * size);
        const y = Math.floor(Math.random() * size);
        const sum =
          spins[y * size + ((x + 1) % size)] +
          spins[y * size + ((x + size - 1) % size)] +
          spins[((y + 1) % size) * size + x] +
          spins[((y + size - 1) % size) * size + x];
        const delta = 2 * spins[y * size + x] * sum;
        if (delta <= 0 || Math.random() < Math.exp(-delta / temperature)) spins[y * size + x] *= -1;
      }
      return visits / (1e6 * (performance.now() - begun));
    },
  };
}

/** Checkerboard order with a table of acceptances, as a compiled scalar program has it. */
function scalarJavaScript(size: number): Contender {
  return {
    name: "scalar checkerboard, JavaScript",
    measure() {
      const spins = new Int8Array(size * size).fill(1);
      const table = Float64Array.from({ length: 9 }, (_, i) => Math.exp((-2 * (i - 4)) / temperature));
      const rng = createRng(1);
      const sweeps = Math.ceil(2e7 / size ** 2);
      const begun = performance.now();
      for (let half = 0; half < 2 * sweeps; half++) {
        for (let y = 0; y < size; y++) {
          const row = y * size;
          const above = ((y + size - 1) % size) * size;
          const below = ((y + 1) % size) * size;
          for (let x = (y + half) & 1; x < size; x += 2) {
            const left = x === 0 ? size - 1 : x - 1;
            const right = x === size - 1 ? 0 : x + 1;
            const sum = spins[above + x] + spins[below + x] + spins[row + left] + spins[row + right];
            if (rng.uint32() < table[spins[row + x] * sum + 4] * 4294967296) spins[row + x] = -spins[row + x];
          }
        }
      }
      return (sweeps * size ** 2) / (1e6 * (performance.now() - begun));
    },
  };
}

const sizes = [512, 1024, 2048, 4096];

export const contests: readonly Contest[] = [
  ...sizes.map((size): Contest => {
    const reference = nativeGiven("native, given by BASIN_NATIVE_ISING", size);
    return {
      question: `Metropolis at T_c, square torus of side ${size}, one core`,
      unit: "flips/ns",
      contenders: [
        ours("basin, wasm", size, "metropolis", "wasm", WORK),
        native("native C, 128-bit, gcc -O3 -msse4.2", "packed", size, WORK),
        ...reference,
        ours("basin, wasm, heat bath", size, "heat-bath", "wasm", WORK),
      ],
      ratios: [
        { of: "basin, wasm", to: "native C, 128-bit, gcc -O3 -msse4.2", aim: 1 },
        ...reference.map(({ name }) => ({ of: "basin, wasm", to: name, aim: 1 })),
        { of: "basin, wasm, heat bath", to: "basin, wasm", aim: 0.7 },
      ],
    };
  }),
  {
    question: "Metropolis at T_c, square torus of side 1024, against scalar programs",
    unit: "flips/ns",
    contenders: [
      ours("basin, wasm", 1024, "metropolis", "wasm", WORK),
      ours("basin, TypeScript twin", 1024, "metropolis", "typescript", 2e7),
      native("scalar checkerboard, C", "scalar", 1024, 1e8),
      scalarJavaScript(1024),
      plain(1024),
    ],
    ratios: [
      { of: "basin, wasm", to: "scalar checkerboard, C", aim: 50 },
      { of: "basin, wasm", to: "scalar checkerboard, JavaScript", aim: 50 },
      { of: "basin, wasm", to: "plain JavaScript, random sites" },
    ],
  },
  {
    question: "a bit a spin on other lattices, near where each orders",
    unit: "flips/ns",
    contenders: [
      packed("cubic 128³, Metropolis", () => createModel("cubic", 128), 4.5115),
      packed("cubic 128³, heat bath", () => createModel("cubic", 128), 4.5115, "heat-bath"),
      packed("cubic 128³, ±J", () => createModel("cubic", 128, { disorder: "plus-minus" }), 1.1),
      packed("cubic 128³ in a field", () => createModel("cubic", 128, { field: 0.1 }), 4.5115),
      packed("triangular 1024²", () => createModel("triangular", 1024), 3.641),
      packed("honeycomb 1024²", () => createModel("honeycomb", 1024), 1.5187),
      packed("square 1024², ±J", () => createModel("square", 1024, { disorder: "plus-minus" }), 1),
      packed("square 1024² in a field", () => createModel("square", 1024, { field: 0.1 }), temperature),
    ],
    ratios: [],
  },
  {
    question: "eight replicas of 1024² on one and two workers",
    unit: "flips/ns",
    contenders: [threads(1), threads(2)],
    ratios: [{ of: "2 workers", to: "one worker", aim: 1.8 }],
  },
  {
    question: "what a measurement after every sweep costs on 1024²",
    unit: "flips/ns",
    contenders: [measuring(false), measuring(true)],
    ratios: [{ of: "sweeping and measuring", to: "sweeping", aim: 1 / 1.1 }],
  },
  {
    question: "any couplings and fields, and clusters, at T_c on 128 × 128 (aims: 0.2, 0.08 and 0.05)",
    unit: "updates/ns",
    contenders: [
      general("basin, wasm, Metropolis, Gaussian J and site fields", 128, "metropolis", glass, 2000),
      general("basin, wasm, Wolff", 128, "wolff", {}, 500),
      general("basin, wasm, Swendsen-Wang", 128, "swendsen-wang", {}, 500),
    ],
    ratios: [],
  },
];
