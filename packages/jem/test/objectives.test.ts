import { type LossName, loss } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import {
  applyModel,
  normalTensor,
  type TensorEnergy,
  tensorEnergy,
  useWasm,
} from "@basin/energy-core/tensor";
import { energyNet, jointEnergy } from "@basin/jem";
import {
  adversarialNegatives,
  cdNegatives,
  contrastive,
  denoisingScoreMatching,
  fit,
  type Objective,
  persistentNegatives,
  pgd,
  slicedScoreMatching,
  timeReversalNegatives,
} from "@basin/jem/experiments";
import { DivergenceError } from "@basin/samplers/learn";
import { assertMean } from "@basin/testing";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { methodNames, methodObjective } from "../src/experiments/methods.ts";
import { pairLoss, pairLossNames } from "../src/objectives/pairs.ts";

beforeAll(() => useWasm());

function network(outputs: number, activation: "tanh" | "swish" = "tanh") {
  const kernelInitializer = (seed: number) => tf.initializers.randomNormal({ stddev: 0.8, seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [2], units: 3, activation, kernelInitializer: kernelInitializer(1) }),
      tf.layers.dense({ units: outputs, kernelInitializer: kernelInitializer(2) }),
    ],
  });
}

/** The largest error of the gradient of an objective against central differences, relative to the largest component. */
function gradientError(variables: readonly tf.Variable[], objective: Objective, rate = 1e-2): number {
  const batch = {
    x: tf.tensor2d([0.3, -0.4, 1.1, 0.2, -0.7, 0.9, 0.1, 0.5], [4, 2]),
    y: tf.tensor1d([0, 1, 1, 0], "int32"),
  };
  const constants = objective.prepare(batch, createRng(3));
  const value = () => tf.tidy(() => objective.loss(batch, constants).dataSync()[0]);
  const { grads } = tf.variableGrads(() => objective.loss(batch, constants), variables as tf.Variable[]);
  let [worst, largest] = [0, 0];
  for (const variable of variables) {
    // Where the tape has no path to a variable there is no gradient, which is to say 0.
    const gradient = grads[variable.name]?.dataSync() ?? new Float32Array(variable.size);
    const at = Float32Array.from(variable.dataSync());
    const valueAt = (i: number, change: number) => {
      const moved = Float32Array.from(at);
      moved[i] += change;
      variable.assign(tf.tensor(moved, variable.shape));
      return value();
    };
    for (let i = 0; i < at.length; i++) {
      // Richardson's extrapolation, in float32: an error near 1e-4 of the largest component.
      const wide = (valueAt(i, 2 * rate) - valueAt(i, -2 * rate)) / (4 * rate);
      const narrow = (valueAt(i, rate) - valueAt(i, -rate)) / (2 * rate);
      worst = Math.max(worst, Math.abs(gradient[i] - (4 * narrow - wide) / 3));
      largest = Math.max(largest, Math.abs(gradient[i]));
    }
    variable.assign(tf.tensor(at, variable.shape));
  }
  return worst / largest;
}

const TOLERANCE = 2e-3;

describe("the gradient of every objective, against finite differences", () => {
  it.each(pairLossNames)("%s", (name) => {
    const model = energyNet(network(1));
    // A margin and energies for which no pair is near a kink.
    const negatives = cdNegatives({ steps: 2, stepSize: 0.05, startNoise: 1 });
    const objective = contrastive(model, { negatives, loss: name, margin: 5, energyPenalty: 0.1 });
    expect(gradientError(model.variables, objective)).toBeLessThan(TOLERANCE);
  });

  it("score matching, with tanh and with swish", () => {
    for (const activation of ["tanh", "swish"] as const) {
      const model = energyNet(network(1, activation));
      expect(gradientError(model.variables.slice(0, 3), denoisingScoreMatching(model))).toBeLessThan(
        TOLERANCE,
      );
      const sliced = slicedScoreMatching(model, { projections: 2 });
      expect(gradientError(model.variables.slice(0, 3), sliced)).toBeLessThan(TOLERANCE);
    }
  });

  it("score matching fails it on tfjs's own tanh, whose second derivatives are wrong", () => {
    const model = network(1);
    const stock = tensorEnergy([2], (x) => (model.apply(x) as tf.Tensor).reshape([-1]));
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable).slice(0, 3);
    expect(gradientError(variables, denoisingScoreMatching(stock, { noise: 1 }))).toBeGreaterThan(
      10 * TOLERANCE,
    );
  });

  it.each(methodNames)("%s with cross-entropy", (method) => {
    const model = jointEnergy(network(3));
    const settings = {
      sgld: { stepSize: 0.05, temperature: 1 },
      chains: 10,
      fresh: (_: unknown, out: Float32Array) => out.fill(0.5),
      restartProbability: 0.1,
      negativeNoise: 0.3,
      negativeRadius: 0.5,
      attackRadius: 0.2,
      marginalWeight: 1,
      energyPenalty: 0.01,
    };
    expect(gradientError(model.variables, methodObjective(model, method, 3, settings))).toBeLessThan(
      TOLERANCE,
    );
  });

  it("fails for a loss whose negatives were not held constant", () => {
    const model = energyNet(network(1));
    const kept: Objective = contrastive(model, {
      negatives: cdNegatives({ steps: 1, stepSize: 0.5, noiseScale: 0 }),
    });
    const leaking: Objective = {
      ...kept,
      loss: (batch) => {
        const gradient = tf.grad((x: tf.Tensor) => model.can.batch.energies(x).sum())(batch.x);
        // The gradient of this goes through the sampler only in the differences if it is cut in the tape.
        const cut = tf.tensor(gradient.dataSync(), gradient.shape);
        const moved = batch.x.sub(cut.mul(0.5));
        return model.can.batch
          .energies(batch.x)
          .mean()
          .sub(model.can.batch.energies(moved).mean()) as tf.Scalar;
      },
    };
    expect(gradientError(model.variables, kept)).toBeLessThan(TOLERANCE);
    expect(gradientError(model.variables, leaking)).toBeGreaterThan(10 * TOLERANCE);
  });
});

describe("pair losses", () => {
  it("are those of energy-core, with the negative as the offender", () => {
    const pairs = [
      [0.3, 0.9],
      [1.4, -0.2],
      [-0.5, 2.6],
    ];
    const shared = pairLossNames.filter((name) => name !== "contrastive" && name !== "bce");
    for (const name of shared) {
      const [e, w] = [0, 1].map((k) => tf.tensor1d(pairs.map((pair) => pair[k])));
      const ours = pairLoss(name, e, w, { margin: 1.5, push: 0.7 }).dataSync();
      for (const [i, pair] of pairs.entries()) {
        // The perceptron's minimum is over all answers, the correct one included: the same for two.
        expect(ours[i]).toBeCloseTo(loss(name as LossName, pair, 0, { margin: 1.5, push: 0.7 }).loss, 5);
      }
    }
    expect(() => pairLoss("hing" as "hinge", tf.tensor1d([0]), tf.tensor1d([0]))).toThrow(
      /unknown loss "hing"; known: contrastive/,
    );
    expect(() => pairLoss("hinge", tf.tensor1d([0]), tf.tensor1d([0]), { margin: 0 })).toThrow(/margin is 0/);
  });
});

describe("time-reversal weights", () => {
  const precision = 3;
  const bowl = tensorEnergy([2], (x) =>
    x
      .square()
      .sum(1)
      .mul(precision / 2),
  );
  const start = () => tf.tensor2d([0.5, -0.2, 0.1, 0.9, -1, 0.3], [3, 2]);

  it("are 2σ(log r) with the densities of the steps", () => {
    const [a, s] = [0.1, 0.3];
    const temperature = (s * s) / (2 * a);
    const x = start();
    const negatives = timeReversalNegatives({ steps: 1, stepSize: a, noiseScale: s });
    const { samples, weights } = negatives.draw(bowl, x, createRng(4));
    const [from, to] = [x.arraySync() as number[][], samples.arraySync() as number[][]];
    const energy = (p: number[]) => (precision / 2) * (p[0] ** 2 + p[1] ** 2);
    const logStep = (p: number[], q: number[]) =>
      -p.reduce((sum, value, i) => sum + (q[i] - value + a * precision * value) ** 2, 0) / (2 * s * s);
    for (let i = 0; i < 3; i++) {
      const logRatio =
        (energy(from[i]) - energy(to[i])) / temperature + logStep(to[i], from[i]) - logStep(from[i], to[i]);
      expect(weights!.dataSync()[i]).toBeCloseTo(2 / (1 + Math.exp(-logRatio)), 4);
    }
  });

  it("go to 1 with the step size, where Langevin steps keep detailed balance", () => {
    const spread = (stepSize: number) => {
      const x = normalTensor(createRng(1), [500, 2]);
      const { weights } = timeReversalNegatives({ steps: 5, stepSize }).draw(bowl, x, createRng(2));
      return weights!.sub(1).abs().mean().dataSync()[0];
    };
    expect(spread(1e-4)).toBeLessThan(1e-3);
    expect(spread(0.3)).toBeGreaterThan(0.05);
  });

  it("are refused where steps have no density", () => {
    expect(() => timeReversalNegatives({ noiseScale: 0 })).toThrow(/need noise and no box; noiseScale is 0/);
    expect(() => timeReversalNegatives({ box: [0, 1] })).toThrow(/box 0,1/);
  });
});

describe("training recovers a Gaussian's precision", () => {
  const sd = 0.8;
  /** E = ½ λ x², with λ the only parameter. */
  const gaussian = () => {
    const precision = tf.variable(tf.scalar(1));
    return { precision, energy: tensorEnergy([1], (x) => x.square().sum(1).mul(precision).mul(0.5)) };
  };
  const recover = async (make: (energy: TensorEnergy) => Objective, dataScale = sd) => {
    const { precision, energy } = gaussian();
    const next = (rng: ReturnType<typeof createRng>) => ({ x: normalTensor(rng, [1000, 1], dataScale) });
    await fit([precision], next, make(energy), {
      seed: 9,
      updates: 300,
      learningRate: 0.05,
      averageDecay: 0.98,
    });
    return precision.dataSync()[0];
  };
  // The estimate rests on the draws of about 100 updates: a standard error of λ √(2/10⁵) for the data, more for what is
  // drawn beside them.
  const standardError = (precision: number) => 3 * precision * Math.sqrt(2 / 1e5);
  const check = (found: number, truth: number) =>
    assertMean({ mean: found, standardError: standardError(truth) }, truth, { comparisons: 4 });

  it("sliced score matching: 1/σ²; not for data 5 % wider", async () => {
    const truth = 1 / sd ** 2;
    check(await recover((energy) => slicedScoreMatching(energy)), truth);
    const wider = await recover((energy) => slicedScoreMatching(energy), 1.05 * sd);
    expect(() => check(wider, truth)).toThrow(/the truth is/);
  });

  it("denoising score matching: 1/(σ² + noise²), and not 1/σ²", async () => {
    const found = await recover((energy) => denoisingScoreMatching(energy, { noise: 0.3 }));
    check(found, 1 / (sd ** 2 + 0.3 ** 2));
    expect(() => check(found, 1 / sd ** 2)).toThrow(/the truth is/);
  });

  it("persistent chains: 1/σ² corrected for the step size", async () => {
    // The chains' variance is 1/(λ(1 − aλ/2)), so that this is what meets the data's.
    const a = 0.2;
    const fresh = (rng: ReturnType<typeof createRng>, out: Float32Array) => out.fill(rng.normal());
    const found = await recover((energy) =>
      contrastive(energy, {
        negatives: persistentNegatives({
          steps: 10,
          stepSize: a,
          chains: 1000,
          restartProbability: 0,
          fresh,
        }),
      }),
    );
    const truth = (1 - Math.sqrt(1 - (2 * a) / sd ** 2)) / a;
    assertMean({ mean: found, standardError: 3 * standardError(truth) }, truth, { comparisons: 4 });
    expect(Math.abs(found - 1 / sd ** 2)).toBeGreaterThan(10 * standardError(truth));
  });
});

describe("the losses of score matching, of E = ½ λ x² at given data and noise", () => {
  const lambda = 1.7;
  const bowl = tensorEnergy([2], (x) =>
    x
      .square()
      .sum(1)
      .mul(lambda / 2),
  );
  const data = [0.3, -0.4, 1.1, 0.2, -0.7, 0.9];
  const batch = { x: tf.tensor2d(data, [3, 2]) };
  const lossOf = (objective: Objective, constants: number[], rows: number) =>
    objective.loss(batch, [tf.tensor2d(constants, [rows, 2])]).dataSync()[0];
  const sumOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

  it.each([undefined, 0.5])("denoising with noise %s: the mean of ½ ‖σ λ (x + σ ε) − ε‖²", (noise) => {
    const epsilon = [0.5, -1, 2, 0.1, -0.3, 0.7];
    const sigma = noise ?? 0.1;
    const errors = epsilon.map((e, i) => sigma * lambda * (data[i] + sigma * e) - e);
    const found = lossOf(denoisingScoreMatching(bowl, { noise }), epsilon, 3);
    expect(found).toBeCloseTo(sumOf(errors.map((e) => e * e)) / 2 / 3, 5);
  });

  it.each([undefined, 2])("sliced with %s projections: the mean of ½ λ² ‖x‖² − λ ‖v‖²", (projections) => {
    const count = projections ?? 1;
    const objective = slicedScoreMatching(bowl, { projections });
    const [drawn] = objective.prepare(batch, createRng(1));
    expect(drawn.shape).toEqual([3 * count, 2]);
    const directions = Array.from({ length: 6 * count }, (_, i) => Math.sin(i + 1));
    const squares = (values: number[]) => sumOf(values.map((value) => value * value));
    const expected = (lambda ** 2 * squares(data)) / 2 / 3 - (lambda * squares(directions)) / (3 * count);
    expect(lossOf(objective, directions, 3 * count)).toBeCloseTo(expected, 5);
  });

  it("refuses options that it does not know", () => {
    expect(() => slicedScoreMatching(bowl, { directions: 2 } as object)).toThrow(
      'slicedScoreMatching has no option "directions"; known: projections',
    );
    expect(() => denoisingScoreMatching(bowl, { sigma: 2 } as object)).toThrow(
      'denoisingScoreMatching has no option "sigma"; known: noise',
    );
  });
});

describe("negatives", () => {
  it("of CD start at the data; persistent ones go on; jumps keep the law", () => {
    const flat = tensorEnergy([2], (x) => x.sum(1).mul(0));
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const still = cdNegatives({ steps: 3, stepSize: 1, noiseScale: 0 }).draw(flat, x, createRng(1));
    expect([...still.samples.dataSync()]).toEqual([1, 2, 3, 4]);
    const slope = tensorEnergy([2], (at) => at.sum(1).neg());
    const fresh = (_: unknown, out: Float32Array) => out.fill(0);
    const options = { steps: 1, stepSize: 1, noiseScale: 0, chains: 1, restartProbability: 0, fresh };
    const chain = persistentNegatives(options);
    const one = tf.zeros([1, 2]);
    const positions = [1, 2, 3].map((k) => chain.draw(slope, one, createRng(k)).samples.dataSync()[0]);
    expect(positions).toEqual([1, 2, 3]);
  });

  it("that jump move between modes in their right shares, and hold the law", () => {
    // Two wells at ±2 with weights 3 : 1, which steps of 0.01 do not cross.
    const wells = tensorEnergy([1], (x) => {
      const well = (center: number, weight: number) =>
        x
          .sub(center)
          .square()
          .sum(1)
          .div(-2 * 0.3 ** 2)
          .add(Math.log(weight));
      return tf.logSumExp(tf.stack([well(2, 3), well(-2, 1)], 1), 1).neg();
    });
    const share = (jumpScale?: number) => {
      const fresh = (rng: ReturnType<typeof createRng>, out: Float32Array) =>
        out.fill(rng.bernoulli(0.5) ? 2 : -2);
      const options = { steps: 1, stepSize: 0.001, chains: 4000, restartProbability: 0, fresh };
      const chains = persistentNegatives({ ...options, ...(jumpScale && { jumpScale }) });
      const rng = createRng(12);
      const x = tf.zeros([4000, 1]);
      let right = 0;
      for (let k = 0; k < 100; k++) {
        const { samples } = chains.draw(wells, x, rng);
        right = samples.greater(0).mean().dataSync()[0];
        samples.dispose();
      }
      return right;
    };
    const standardError = Math.sqrt(0.1875 / 2500);
    assertMean({ mean: share(2), standardError }, 0.75);
    expect(() => assertMean({ mean: share(), standardError }, 0.75)).toThrow(/the truth is/);
  });

  it("leave no tensor behind", () => {
    const model = energyNet(network(1));
    const x = tf.ones([4, 2]);
    const before = tf.memory().numTensors;
    for (const negatives of [
      cdNegatives({ steps: 2 }),
      timeReversalNegatives({ steps: 2 }),
      persistentNegatives({ steps: 2, chains: 8, jumpScale: 1 }),
      adversarialNegatives({ steps: 2, radius: 1, startNoise: 0.1 }),
    ]) {
      const { samples, weights } = negatives.draw(model, x, createRng(1));
      tf.dispose([samples, weights ?? []]);
      expect([negatives.name, tf.memory().numTensors]).toEqual([negatives.name, before]);
    }
  });
});

describe("pgd", () => {
  const peak = (x: tf.Tensor) =>
    x
      .sub(tf.tensor1d([3, 4]))
      .square()
      .sum(1)
      .neg() as tf.Tensor1D;

  it("climbs to the border of its ball, in either norm, and stays in the box", () => {
    const start = tf.zeros([1, 2]);
    const rng = createRng(1);
    const end = (options: object) => [...pgd(peak, start, rng, { radius: 1, ...options }).dataSync()];
    expect(end({})[0]).toBeCloseTo(0.6, 3);
    expect(end({})[1]).toBeCloseTo(0.8, 3);
    expect(end({ norm: "linf" })).toEqual([1, 1]);
    const boxed = end({ norm: "linf", box: [0, 0.5] });
    expect(boxed).toEqual([0.5, 0.5]);
  });

  it.each([
    ["l2", 0.3 / Math.sqrt(3)],
    ["linf", 0.3],
  ] as const)("leaves in %s from points all over the cube of half side %d", (norm, half) => {
    const flat = (x: tf.Tensor) => x.sum(1).mul(0) as tf.Tensor1D;
    const options = { norm, radius: 0.3, steps: 1, randomStart: true };
    const points = pgd(flat, tf.ones([400, 3]), createRng(1), options)
      .sub(1)
      .dataSync();
    // The largest of 1200 uniform numbers is below 0.98 of the bound in 3 of 10¹¹ cases.
    for (const extreme of [Math.max(...points), -Math.min(...points)]) {
      expect(extreme).toBeLessThanOrEqual(half + 1e-6);
      expect(extreme).toBeGreaterThan(0.98 * half);
    }
  });

  it("stays where there is no gradient, and says what is wrong", () => {
    const flat = (x: tf.Tensor) => x.sum(1).mul(0) as tf.Tensor1D;
    expect([...pgd(flat, tf.ones([1, 2]), createRng(1), { radius: 1 }).dataSync()]).toEqual([1, 1]);
    const call = (options: object) => () =>
      pgd(flat, tf.ones([1, 2]), createRng(1), { radius: 1, ...options });
    expect(call({ norm: "l1" })).toThrow(/unknown norm "l1"; known: l2, linf/);
    expect(call({ radius: 0 })).toThrow(/radius is 0/);
    expect(call({ box: [1, 0] })).toThrow(/box is \[1, 0\]/);
  });
});

describe("fit", () => {
  it("stops with the update and what to change; refuses nothing to train", async () => {
    const model = energyNet(network(1));
    const next = () => ({ x: tf.ones([4, 2]) });
    const objective = contrastive(model, { negatives: cdNegatives({ steps: 1, stepSize: 0.01 }) });
    const options = { seed: 1, updates: 50 };
    const bad = () => ({ x: tf.fill([4, 2], Number.NaN) });
    await expect(fit(model.variables, bad, objective, options)).rejects.toThrow(DivergenceError);
    const strict = fit(model.variables, next, objective, { ...options, maxLoss: 1e-9 });
    await expect(strict).rejects.toThrow(
      /at update 1: loss is .*, beyond ±1e-9; lower learningRate \(0.001\)/,
    );
    await expect(fit([], next, objective, { seed: 1 })).rejects.toThrow(/no variables/);
  });

  it("gives the same losses for the same seed, and leaves no tensor behind", async () => {
    const runs = [];
    for (let repeat = 0; repeat < 2; repeat++) {
      const model = energyNet({ ...logits(network(1)) });
      const before = tf.memory().numTensors;
      const next = (rng: ReturnType<typeof createRng>) => ({ x: normalTensor(rng, [8, 2]) });
      const objective = contrastive(model, { negatives: cdNegatives({ steps: 2, stepSize: 0.01 }) });
      runs.push(await fit(model.variables, next, objective, { seed: 1, updates: 20 }));
      expect(tf.memory().numTensors).toBe(before);
    }
    expect(runs[0]).toEqual(runs[1]);
  });
});

function logits(model: tf.LayersModel) {
  return {
    shape: [2],
    labels: 1,
    logits: (batch: tf.Tensor) => applyModel(model, batch) as tf.Tensor2D,
    variables: model.trainableWeights.map((weight) => weight.read() as tf.Variable),
  };
}
