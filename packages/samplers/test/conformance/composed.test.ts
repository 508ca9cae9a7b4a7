import { plainEnergy, spins } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { memoryCheckpoint } from "@basin/energy-core/run";
import { assertIrreducible, assertMean, assertStationary, boltzmann, spinStates } from "@basin/testing";
import { describe, expect, test } from "vitest";
import {
  alternating,
  cycle,
  estimateMean,
  gibbs,
  gibbsWithGradients,
  heatBath,
  hmc,
  type Kernel,
  metropolis,
  mixedEnergy,
  nuts,
  randomWalk,
  sample,
  series,
  slice,
} from "../../src/index.ts";
import type { MixedEnergy } from "../../src/kernels/mixed.ts";
import { neverRejecting, tooCold } from "../fixtures/broken-kernels.ts";
import { gaussian, spinGlass } from "../fixtures/energies.ts";
import { assertKeepsGaussian, matrixOf } from "../kernels/stationarity.ts";

const BETA = 0.8;
const glass = spinGlass(3, 4);
const states = spinStates(3);
const law = boltzmann(
  states.map((state) => glass.energy(state)),
  BETA,
);

describe("a cycle of spin kernels", () => {
  test("leaves exp(−βE) stationary and reaches every state", () => {
    const matrix = matrixOf(cycle([metropolis({ visits: 1 }), gibbsWithGradients()]), glass, states, BETA);
    assertStationary(matrix, law);
    assertIrreducible(matrix);
  });
  test("and not when one of them is broken", () => {
    const broken = cycle([tooCold(metropolis({ visits: 1 })), gibbs()]);
    expect(() => assertStationary(matrixOf(broken, glass, states, BETA), law)).toThrow("not stationary");
  });
});

describe("Gibbs by the colors of a graph", () => {
  // A square of four spins: two colors of two sites.
  const energy = plainEnergy(
    spins(4),
    (s) => -0.7 * (s[0] * s[1] + s[1] * s[2] + s[2] * s[3] + s[3] * s[0]) - 0.2 * s[0],
  );
  const neighbors = [
    [1, 3],
    [0, 2],
    [1, 3],
    [0, 2],
  ];
  const all = spinStates(4);
  const target = boltzmann(all.map((state) => energy.energy(state)));
  test("keeps the law, and is the joint draw of one color and then of the other", () => {
    const matrix = matrixOf(gibbs({ neighbors }), energy, all, 1);
    assertStationary(matrix, target);
    const colors = [
      [0, 2],
      [1, 3],
    ];
    const blocks = matrixOf(gibbs({ blocks: colors }), energy, all, 1);
    for (const [r, row] of matrix.entries())
      for (const [c, p] of row.entries()) expect(p).toBeCloseTo(blocks[r][c], 12);
  });
  test("leaves clamped sites alone", () => {
    const held = all.filter((state) => state[2] === -1);
    const matrix = matrixOf(gibbs({ neighbors, clamped: [2] }), energy, held, 1);
    assertStationary(matrix, boltzmann(held.map((state) => energy.energy(state))));
  });
  test("refuses neighbors that are not mutual, missing, or given with blocks", () => {
    const bind = (options: object) => gibbs(options).bind(energy);
    expect(() => bind({ neighbors: [[1], [0], [3], []] })).toThrow(
      "site 2 names 3 as its neighbor, which is missing or does not name it back",
    );
    expect(() => bind({ neighbors: [[0], [], [], []] })).toThrow("itself");
    expect(() => bind({ neighbors: [[]] })).toThrow("neighbors has length 1, expected 4");
    expect(() => bind({ neighbors, blocks: [[0], [1], [2], [3]] })).toThrow("both given");
  });
});

// x ~ N(s/2, 1) and s = ±1 with odds 3 : 1 at β = 1.
const wells = mixedEnergy({
  reals: 1,
  spins: 1,
  energy: ([x], [s]) => 0.5 * (x - 0.5 * s) ** 2 - 0.5 * Math.log(3) * s,
  energyAndGradient([x], [s], gradient) {
    gradient[0] = x - 0.5 * s;
    return 0.5 * (x - 0.5 * s) ** 2 - 0.5 * Math.log(3) * s;
  },
});

/** Starts replicas from exact draws at β = 0.7 and throws unless four steps keep the moments. */
function assertKeepsWells(kernel: Kernel<MixedEnergy, Float64Array>, replicas = 60_000): void {
  const beta = 0.7;
  const rng = createRng(41);
  const up = 1 / (1 + 3 ** -beta);
  const bound = kernel.bind(wells);
  const moments: [string, number, (x: number, s: number) => number][] = [
    ["⟨s⟩", 2 * up - 1, (_, s) => s],
    ["⟨x⟩", 0.5 * (2 * up - 1), (x) => x],
    ["⟨xs⟩", 0.5, (x, s) => x * s],
    ["⟨(x − s/2)²⟩", 1 / beta, (x, s) => (x - 0.5 * s) ** 2],
  ];
  const sums = moments.map(() => [0, 0]);
  for (let r = 0; r < replicas; r++) {
    const s = rng.bernoulli(up) ? 1 : -1;
    const state = bound.init(Float64Array.of(0.5 * s + rng.normal() / Math.sqrt(beta), s));
    for (let k = 0; k < 4; k++) bound.step(rng, state, beta);
    for (const [f, [, , read]] of moments.entries()) {
      const value = read(state.position[0], state.position[1]);
      sums[f][0] += value;
      sums[f][1] += value * value;
    }
  }
  for (const [f, [what, truth]] of moments.entries()) {
    const mean = sums[f][0] / replicas;
    const standardError = Math.sqrt((sums[f][1] / replicas - mean * mean) / replicas);
    assertMean({ mean, standardError }, truth, { comparisons: 16, what });
  }
}

describe("alternating between reals and spins", () => {
  test.each([
    ["hmc and heat bath", alternating({ reals: hmc({ stepSize: 0.8, steps: 2 }), spins: heatBath() })],
    ["nuts and metropolis", alternating({ reals: nuts({ stepSize: 0.9 }), spins: metropolis() })],
    ["slice and gibbs", alternating({ reals: slice(), spins: gibbs() })],
  ])("%s keeps the joint law", (_, kernel) => assertKeepsWells(kernel));

  test.each([
    [
      "reals 5 % too cold",
      alternating({ reals: tooCold(hmc({ stepSize: 0.8, steps: 2 })), spins: heatBath() }),
    ],
    [
      "spins 20 % too cold",
      alternating({
        reals: hmc({ stepSize: 0.8, steps: 2 }),
        spins: tooCold(heatBath(), 1.2),
      }),
    ],
    [
      "spins never refused",
      alternating({ reals: nuts({ stepSize: 0.9 }), spins: neverRejecting(metropolis()) }),
    ],
  ])("and not with %s", (_, kernel) => {
    expect(() => assertKeepsWells(kernel)).toThrow("z = ");
  });

  test("runs in sample, tunes its kernels, and resumes to the bit", async () => {
    const kernel = alternating({ reals: nuts(), spins: heatBath() });
    const options = { seed: 3, chains: 2, draws: 3000, names: ["x", "s"] };
    const draws = await sample(wells, kernel, options);
    assertMean(estimateMean(series(draws, "s")), 0.5, { comparisons: 2 });
    assertMean(estimateMean(series(draws, "x")), 0.25, { comparisons: 2 });
    expect(draws.chains[0].tuned["0.stepSize"]).toBeGreaterThan(0.1);
    expect(new Set(series(draws, "s")[0])).toEqual(new Set([-1, 1]));
    const checkpoint = memoryCheckpoint();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stopped")), 60);
    await sample(wells, kernel, { ...options, checkpoint, signal: controller.signal }).catch(() => {});
    expect(await sample(wells, kernel, { ...options, checkpoint })).toEqual(draws);
  });

  test("an energy that is none of its kind is refused, and states off the spins have energy +∞", () => {
    expect(wells.energy(Float64Array.of(0, 0.5))).toBe(Infinity);
    expect(() => alternating({ reals: nuts(), spins: heatBath() }).bind(gaussian([[1]]) as never)).toThrow(
      "mixedEnergy",
    );
    expect(() => cycle([])).toThrow("no kernels");
  });
});

describe("adaptive Metropolis", () => {
  test("keeps a Gaussian, also with a proposal of full covariance, and not without its test", () => {
    const learnt = (kernel: ReturnType<typeof randomWalk>) => ({
      name: kernel.name,
      bind(energy: never) {
        const bound = kernel.bind(energy);
        bound.restore?.({ size: 1.3, shape: [1, 1], factor: [1, 0, 0.6, 0.8] });
        return bound;
      },
    });
    assertKeepsGaussian(learnt(randomWalk({ metric: "dense" })) as never);
    expect(() =>
      assertKeepsGaussian(neverRejecting(learnt(randomWalk({ metric: "dense" })) as never) as never),
    ).toThrow("z = ");
  });
  test("learns strong correlations, which a diagonal proposal cannot follow", async () => {
    const long = gaussian([
      [1 / (1 - 0.99 ** 2), -0.99 / (1 - 0.99 ** 2)],
      [-0.99 / (1 - 0.99 ** 2), 1 / (1 - 0.99 ** 2)],
    ]);
    const options = { seed: 5, chains: 2, warmup: 2000, draws: 4000 };
    const size = async (kernel: ReturnType<typeof randomWalk>) =>
      estimateMean(series(await sample(long, kernel, options), 0)).effectiveSampleSize;
    expect(await size(randomWalk({ metric: "dense" }))).toBeGreaterThan(4 * (await size(randomWalk())));
  });
});
