import {
  couplings,
  denseQuadratic,
  detector,
  loss,
  outlierMetrics,
  ranking,
  sparseQuadratic,
} from "@basin/energy-core";
import { asNdarray } from "@basin/energy-core/ndarray";
import { createRng } from "@basin/energy-core/random";
import { gaussian, gaussianMixture } from "@basin/energy-core/targets";
import {
  binarize,
  corrupt,
  denseMemory,
  heteroMemory,
  hopfield,
  identify,
  modernMemory,
  sparseMemory,
} from "@basin/hopfield";
import { assignment, createModel, numberPartitioning, potts, qubo, spinProblem } from "@basin/ising";
import { inverseIsing, restrictedBoltzmannMachine, trainRbm } from "@basin/ising/learn";
import { energyScore, fitScore, maxLogitScore } from "@basin/jem/outliers";
import {
  autocorrelation,
  drawsArray,
  effectiveSampleSize,
  estimateMean,
  nuts,
  rHat,
  sample,
} from "@basin/samplers";
import type { NdArray } from "ndarray";
import { describe, expect, it } from "vitest";

type View = NdArray<Float64Array>;

/** Views that no copy in C order looks like: turned round, every second element of a larger array, transposed. */
const lines: Record<string, (values: readonly number[]) => View> = {
  reversed: (values) => asNdarray(Float64Array.from(values).reverse()).step(-1),
  stepped: (values) =>
    asNdarray(Float64Array.from(values.flatMap((value) => [Number.NaN, value])))
      .lo(1)
      .step(2),
};
const tables: Record<string, (values: readonly (readonly number[])[]) => View> = {
  transposed: (values) =>
    asNdarray(Float64Array.from(values[0].flatMap((_, c) => values.map((row) => row[c]))), [
      values[0].length,
      values.length,
    ]).transpose(1, 0),
  "cut out": (values) =>
    asNdarray(
      Float64Array.from([values[0].map(() => Number.NaN), ...values].flatMap((row) => [Number.NaN, ...row])),
      [values.length + 1, values[0].length + 1],
    ).lo(1, 1),
  reversed: (values) =>
    asNdarray(Float64Array.from(values.flat()).reverse(), [values.length, values[0].length]).step(-1, -1),
};

type Vector = readonly number[] | View;
type Table = readonly (readonly number[])[] | View;

const rng = createRng(5);
const spin = () => (rng.bernoulli(0.5) ? 1 : -1);
const list = (n: number, make: () => number) => Array.from({ length: n }, make);
const table = (rows: number, columns: number, make: () => number) =>
  list(rows, () => 0).map(() => list(columns, make));

const probe = list(12, spin);
const memory = hopfield(table(2, 12, spin));
const chain = couplings(3, [
  [0, 1, 1],
  [1, 2, 1],
]);
const normal = () => rng.normal();
const memberships = table(4, 12, () => rng.index(2));
const [first] = memberships;
// Sparse memories need entries of both kinds.
first[0] = 1;
first[1] = 0;
const symmetric = [
  [0, 1, -2],
  [1, 0, 0.5],
  [-2, 0.5, 0],
];
const moments = [
  [1, 0.2, 0.1],
  [0.2, 1, -0.3],
  [0.1, -0.3, 1],
];

/** What takes lists of numbers: an example of them, and what comes out. */
const ofVectors: [name: string, values: number[], call: (values: Vector) => unknown][] = [
  ["sparseQuadratic's thresholds", [1, 2, 3], (v) => sparseQuadratic(chain, v).thresholds],
  ["denseQuadratic's thresholds", [1, 2, 3], (v) => denseQuadratic(symmetric, v).thresholds],
  ["gaussian's mean", [1, -2], (v) => gaussian({ dimension: 2, mean: v }).mean],
  ["gaussian's standard deviations", [1, 2], (v) => gaussian({ standardDeviations: v }).covariance.data],
  ["gaussianMixture's weights", [1, 3], (v) => gaussianMixture({ means: [[0], [1]], weights: v }).mean],
  ["detector", list(40, normal), (v) => detector(v).threshold],
  [
    "outlierMetrics",
    list(30, normal),
    (v) => outlierMetrics(v, v, { seed: 1 }).auroc + outlierMetrics(v, [1, 2], { seed: 1 }).auroc,
  ],
  ["loss", [0.2, 0.5, 3], (v) => loss("hinge", v, 0)],
  ["ranking", [3, 1, 2], (v) => ranking(v).order],
  ["recall", probe, (v) => memory.recall(v, { seed: 1 }).state],
  [
    "recall with known entries",
    probe,
    (v) => memory.recall(v, { seed: 1, known: probe.map((_, i) => i < 8) }).state,
  ],
  ["overlap", probe, (v) => memory.overlap(v)],
  ["corrupt", probe, (v) => corrupt(v, 0.25, { seed: 1 })],
  ["identify", probe, (v) => identify(memory.patterns, v).overlap],
  [
    "modern recall",
    [0.5, -1],
    (v) =>
      modernMemory([
        [1, -1],
        [1, 1],
      ]).recall(v).state,
  ],
  ["sparse recall", first, (v) => sparseMemory(memberships).recall(v, { seed: 1 }).state],
  [
    "hetero recall",
    [1, -1, 1],
    (v) => heteroMemory([[1, -1, 1]], [[1, -1]]).recallValue(v, { seed: 0 }).value,
  ],
  ["spinProblem's fields", [0.5, -1], (v) => spinProblem({ variables: 2, fields: v }).fields],
  ["qubo's linear terms", [3, -1], (v) => qubo({ variables: 2, linear: v }).fields],
  ["numberPartitioning", [3, 1, 2], (v) => numberPartitioning(v).couplings.values],
  [
    "potts's field",
    [3, 1, 2],
    (v) => potts(createModel("square", 4), { states: 3, field: v }).energy(new Uint8Array(16)),
  ],
  [
    "inverseIsing's means",
    [0.1, 0, -0.2],
    (v) => inverseIsing({ means: v, products: moments }).machine.can.parameters.values,
  ],
  ["rHat of one series", list(40, normal), (v) => rHat(v)],
  ["autocorrelation", list(20, normal), (v) => autocorrelation(v)],
];

const ofTables: [name: string, values: number[][], call: (values: Table) => unknown][] = [
  ["denseQuadratic", symmetric, (t) => denseQuadratic(t).weights.data],
  [
    "gaussian's covariance",
    [
      [2, 0.5],
      [0.5, 1],
    ],
    (t) => gaussian({ covariance: t }).covariance.data,
  ],
  [
    "gaussianMixture's means",
    [
      [0, 1],
      [2, 3],
    ],
    (t) => gaussianMixture({ means: t }).mean,
  ],
  ["hopfield", table(3, 8, spin), (t) => hopfield(t).patterns.data],
  ["denseMemory", table(3, 8, spin), (t) => denseMemory(t).patterns.data],
  ["modernMemory", table(3, 4, normal), (t) => modernMemory(t).overlap([1, 0, 0, 1])],
  ["sparseMemory", memberships, (t) => sparseMemory(t).recall(first, { seed: 1 }).state],
  ["heteroMemory", table(2, 6, spin), (t) => heteroMemory(t, t).keys.data],
  ["binarize", table(3, 4, () => rng.uniform()), (t) => binarize(t).data],
  ["assignment", table(3, 3, () => rng.index(9)), (t) => assignment(t).problem.couplings.values],
  [
    "inverseIsing's products",
    moments,
    (t) => inverseIsing({ means: [0.1, 0, -0.2], products: t }).machine.can.parameters.values,
  ],
  ["rHat", table(3, 40, normal), (t) => [rHat(t), effectiveSampleSize(t), estimateMean(t)]],
  ["energyScore", table(5, 3, () => 4 * normal()), (t) => energyScore(t)],
  ["maxLogitScore", table(5, 3, () => 4 * normal()), (t) => maxLogitScore(t)],
  [
    "a fitted score",
    table(9, 3, normal),
    (t) => fitScore("neighbors", { features: t }, { k: 2 }).score({ features: t }),
  ],
];

describe("a view gives what its copy gives", () => {
  it.each(ofVectors)("in %s", (_, values, call) => {
    const copy = call(values);
    for (const view of Object.values(lines)) expect(call(view(values))).toEqual(copy);
  });

  it.each(ofTables)("in %s", (_, values, call) => {
    const copy = call(values);
    for (const view of Object.values(tables)) expect(call(view(values))).toEqual(copy);
  });

  it("in the training of a Boltzmann machine", async () => {
    const data = table(20, 6, () => rng.index(2));
    const trained = async (rows: Table) => {
      const machine = restrictedBoltzmannMachine({ visible: 6, hidden: 3, seed: 1 });
      await trainRbm(machine, rows, { epochs: 2, batchSize: 5, seed: 2 });
      return machine.can.parameters.values.slice();
    };
    const copy = await trained(data);
    for (const view of Object.values(tables)) expect(await trained(view(data))).toEqual(copy);
  });
});

describe("draws as an ndarray", () => {
  it("lie on the memory of the chains, [chains, draws, dimension]", async () => {
    const draws = await sample(gaussian({ dimension: 2 }), nuts(), {
      seed: 1,
      chains: 3,
      draws: 20,
      warmup: 20,
    });
    const all = asNdarray(drawsArray(draws));
    expect(all.shape).toEqual([3, 20, 2]);
    expect(all.get(2, 5, 1)).toBe(draws.chains[2].positions[11]);
    all.set(2, 5, 1, 7);
    expect(draws.chains[2].positions[11]).toBe(7);
    const second = all.pick(null, null, 1);
    expect(rHat(second)).toBe(
      rHat(draws.chains.map(({ positions }) => positions.filter((_, i) => i % 2 === 1))),
    );
  });

  it("are copied where chains lie apart, and refused where they are not of one length", async () => {
    const draws = await sample(gaussian({ dimension: 1 }), nuts(), {
      seed: 1,
      chains: 2,
      draws: 8,
      warmup: 8,
    });
    const apart = { ...draws, chains: draws.chains.map((c) => ({ ...c, positions: c.positions.slice() })) };
    expect([...drawsArray(apart).data]).toEqual([...drawsArray(draws).data]);
    expect(drawsArray(apart).data.buffer).not.toBe(apart.chains[0].positions.buffer);
    const odd = {
      ...draws,
      chains: [apart.chains[0], { ...apart.chains[1], positions: new Float64Array(3) }],
    };
    expect(() => drawsArray(odd)).toThrow("chain 1 keeps 3 draws and chain 0 8");
  });
});
