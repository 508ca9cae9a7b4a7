import {
  ArgumentError,
  BasinError,
  complete,
  couplings,
  denseQuadratic,
  detector,
  freeEnergy,
  logSumExp,
  loss,
  outlierMetrics,
  plainEnergy,
  softmin,
  sparseQuadratic,
  spins,
} from "@basin/energy-core";
import { gaussian } from "@basin/energy-core/targets";
import {
  autocorrelationTime,
  effectiveSampleSize,
  estimateMean,
  heatBath,
  nuts,
  sample,
  series,
  statistic,
  summarize,
  summary,
  warnings,
} from "@basin/samplers";
import { maximizeLikelihood } from "@basin/samplers/learn";
import { annealedImportance, sequentialMonteCarlo, simulatedAnnealing, temper } from "@basin/samplers/temper";
import { describe, expect, test } from "vitest";
import {
  anneal,
  blocking,
  jackknife,
  maxCut,
  qubo,
  reduce,
  simulate,
  solve,
  spinProblem,
  tabuSearch,
  weightedGraph,
} from "../../src/index.ts";

const pair = denseQuadratic([
  [0, 1],
  [1, 0],
]);
const bowl = gaussian({ dimension: 2 });
const once = { seed: 1, draws: 4, warmup: 0 };
const betas = [0.5, 1];

/** Calls that a program without types can make, with the kind of value that was given. */
// biome-ignore lint/suspicious/noExplicitAny: values of the wrong type are what is tried.
type Wrong = any;
const others: readonly [Wrong, string][] = [
  [undefined, "undefined"],
  [null, "null"],
  ["ising", 'the string "ising"'],
  [(x: number) => x, "a function"],
  [
    [
      [0, 1],
      [1, 0],
    ],
    "nested arrays",
  ],
  [Promise.resolve(pair), "a promise (await it)"],
  [weightedGraph(2, [[0, 1]]), "an object with the keys nodes, sources, targets, weights"],
  [{ space: spins(2), energy: () => 0 }, "an object with the keys space, energy"],
];

describe("what is no energy is refused by its kind", () => {
  const calls: Record<string, (energy: Wrong) => unknown> = {
    sample: (energy) => sample(energy as typeof pair, heatBath(), once),
    temper: (energy) => temper(energy as typeof pair, heatBath(), { seed: 1, inverseTemperatures: betas }),
    sequentialMonteCarlo: (energy) =>
      sequentialMonteCarlo(energy as typeof pair, heatBath(), { seed: 1, initial: () => Int8Array.of(1, 1) }),
    simulatedAnnealing: (energy) =>
      simulatedAnnealing(energy as typeof pair, heatBath(), { seed: 1, inverseTemperatures: betas }),
    solve: (energy) => solve(energy),
    anneal: (energy) => anneal(energy),
    tabuSearch: (energy) => tabuSearch(energy),
    simulate: (energy) => simulate(energy, { temperature: 1 }),
  };
  test.each(Object.entries(calls))("by %s", async (_, call) => {
    for (const [value, kind] of others) {
      const refused = expect((async () => call(value))()).rejects;
      await refused.toThrow(`is ${kind}, expected an energy: { space, energy, can }`);
      await expect((async () => call(value))()).rejects.toBeInstanceOf(ArgumentError);
    }
  });
});

test("what is no kernel is refused by its kind, with what makes one", async () => {
  const wrong: readonly [Wrong, string][] = [
    [nuts, "a function, expected a kernel, such as nuts(): call it, as in nuts()"],
    [heatBath, "a function, expected a kernel, such as nuts(): call it, as in heatBath()"],
    ["nuts", 'the string "nuts", expected a kernel, such as nuts(): kernelByName makes one of a name'],
    [undefined, "undefined, expected a kernel"],
    [{ seed: 1 }, "an object with the keys seed, expected a kernel"],
  ];
  for (const [kernel, message] of wrong) {
    await expect(sample(bowl, kernel, once)).rejects.toThrow(message);
    await expect(temper(bowl, kernel, { seed: 1, inverseTemperatures: betas })).rejects.toThrow(message);
    const way = {
      seed: 1,
      inverseTemperatures: betas,
      logPartitionAtStart: 0,
      initial: () => new Float64Array(2),
    };
    await expect(annealedImportance(bowl, kernel, way)).rejects.toThrow(message);
  }
});

test("options that are missing or no object are refused with the list of known ones", async () => {
  for (const options of [undefined, null, 5, "seed", [1], Float64Array.of(1)] as Wrong[]) {
    for (const call of [
      ...(options === undefined ? [] : [() => sample(bowl, nuts(), options)]),
      () => temper(pair, heatBath(), options),
      () => simulate(maxCut(weightedGraph(2, [[0, 1]])), options),
    ])
      await expect((async () => call())()).rejects.toThrow(
        /^the options of \w+ are .*, expected an object; known: /,
      );
    expect(() => complete(pair, Int8Array.of(1, 1), options)).toThrow("; known: known, seed");
    expect(() => qubo(options)).toThrow("; known: variables, quadratic");
    expect(() => spinProblem(options)).toThrow("; known: variables, couplings");
    expect(() => gaussian(options)).toThrow("; known: dimension, mean");
  }
});

test("what are no draws, chains, edges, couplings or negatives is refused by its kind", async () => {
  for (const value of [undefined, {}, [1, 2, 3], "draws"] as Wrong[]) {
    for (const call of [
      summary,
      warnings,
      (draws: Wrong) => series(draws, 0),
      (draws: Wrong) => statistic(draws, "energy"),
    ])
      expect(() => call(value)).toThrow("expected draws as `sample` returns them");
  }
  for (const value of [undefined, "abc", 3] as Wrong[])
    expect(() => estimateMean(value)).toThrow(/^chains is /);
  const edge = { source: 0, target: 1 } as Wrong;
  const kind = "edge 0 is an object with the keys source, target, expected [i, j";
  expect(() => weightedGraph(3, [edge])).toThrow(kind);
  expect(() => spinProblem({ variables: 3, couplings: [edge] })).toThrow(kind);
  expect(() => couplings(3, [edge])).toThrow(kind);
  expect(() => sparseQuadratic([[0, 1, 1]] as Wrong)).toThrow(
    "couplings is nested arrays, expected what couplings(",
  );
  await expect(
    maximizeLikelihood(pair, [Int8Array.of(1, 1)], undefined as Wrong, { seed: 1 }),
  ).rejects.toThrow("what draws negatives is undefined, expected a rule");
  await expect(sample(bowl, nuts(), { seed: 1, initial: [1, 2, 3] as Wrong })).rejects.toThrow(
    "initial is an array of length 3, expected a state",
  );
});

describe("what is no list of numbers is refused, and lists of all kinds are read", () => {
  const values = [0.5, -1, 2, 0.25, 1, -0.5];
  const strided = { data: Float64Array.from(values.flatMap((x) => [x, 9])), shape: [6], stride: [2] };
  const right = { array: values, float32: Float32Array.from(values), float64: Float64Array.from(values) };
  const tensor = { shape: [6], dtype: "float32", size: 6, dataSync: () => Float32Array.from(values) };
  const wrong: Record<string, Wrong> = {
    tensor,
    promise: Promise.resolve(values),
    set: new Set(values),
    map: new Map(),
    string: "0.5,-1,2",
    number: 3,
    bigints: BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n),
    buffer: Float64Array.from(values).buffer,
    view: new DataView(new ArrayBuffer(48)),
    strings: values.map(String),
    nulls: [null, 1, 2, 3, 4, 5],
    holes: Object.assign([], { 5: 1 }),
    function: () => values,
    iterator: values.values(),
    undefined: undefined,
    null: null,
  };
  const sure = [1, 1, 1, 1, 1, 1];
  const entries: Record<string, (x: Wrong) => number> = {
    logSumExp: (x) => logSumExp(x),
    freeEnergy: (x) => freeEnergy(x),
    softmin: (x) => softmin(x)[0],
    detector: (x) => detector(x, { keep: 0.5 }).threshold,
    outlierMetrics: (x) => outlierMetrics(x, [1, 2, 3], { resamples: 20 }).auroc,
    loss: (x) => Number(Object.values(loss("nll", x, 0))[0]),
    estimateMean: (x) => estimateMean(x).mean,
    essBulk: (x) => effectiveSampleSize(x),
    autocorrelationTime: (x) => autocorrelationTime(x),
    summarize: (x) => summarize(x).mean,
    blocking: (x) => blocking(x).levels[0].standardError,
    jackknife: (x) => jackknife([x], ([mean]) => mean, 3).standardError,
    fields: (fields) => spinProblem({ variables: 6, fields }).energy(Int8Array.from(sure)),
    linear: (linear) => qubo({ variables: 6, linear }).energy(Int8Array.from(sure)),
  };
  /** What these take to be left out, or for the other of the two things that they take. */
  const apart = new Set(["fields undefined", "linear undefined", "fields null", "linear null"]);
  test.each(Object.entries(entries))("by %s", (name, call) => {
    const expected = call(values);
    expect(expected).toBeTypeOf("number");
    for (const list of Object.values(right)) expect(call(list)).toBeCloseTo(expected, 5);
    if (["fields", "linear", "estimateMean", "summarize"].includes(name))
      expect(call(strided)).toBeCloseTo(expected, 12);
    for (const [kind, value] of Object.entries(wrong)) {
      if (apart.has(`${name} ${kind}`)) continue;
      let error: unknown;
      try {
        call(value);
      } catch (thrown) {
        error = thrown;
      }
      expect(error, `${name} of ${kind}`).toBeInstanceOf(BasinError);
    }
  });
});

test("an energy that is right passes", async () => {
  const flat = plainEnergy(spins(2), () => 0);
  expect((await sample(flat, heatBath(), once)).draws).toBe(4);
  expect(reduce(maxCut(weightedGraph(2, [[0, 1]]))).kept).toHaveLength(0);
});
