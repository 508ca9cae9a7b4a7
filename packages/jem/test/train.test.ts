import { createRng } from "@basin/energy-core/random";
import { type Checkpoint, type CheckpointStore, memoryCheckpoint } from "@basin/energy-core/run";
import { useWasm } from "@basin/energy-core/tensor";
import {
  energyNet,
  jointEnergy,
  type KeptStates,
  type LabeledData,
  type TrainProgress,
  train,
} from "@basin/jem";
import { DivergenceError } from "@basin/samplers/learn";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TrainOptions } from "../src/train/options.ts";

beforeAll(() => useWasm());

function network(activation: "swish" | "elu" = "swish"): tf.Sequential {
  const dense = (units: number, seed: number, options: object = {}) =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...options });
  return tf.sequential({ layers: [dense(16, 1, { inputShape: [2], activation }), dense(2, 2)] });
}

function clusters(count: number, seed: number): LabeledData {
  const rng = createRng(seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const inputs = Float32Array.from(
    { length: 2 * count },
    (_, i) => 0.3 + 0.4 * labels[i >> 1] + 0.05 * rng.normal(),
  );
  return { inputs, labels };
}

const sampler = tensorSgld({ steps: 5, stepSize: 0.005, temperature: 1, box: [0, 1] });
/** Two clusters of points want other numbers than images do. */
const plain = {
  ...{
    classConditional: false,
    maxLag: Number.POSITIVE_INFINITY,
    maxGradientNorm: Number.POSITIVE_INFINITY,
  },
  ...{ inputNoise: 0.03, sampleNoise: 0, finalRate: 0.1, averageDecay: 0.99 },
};
const options = { ...plain, steps: 60, learningRate: 0.02, sampler, bufferSize: 50, batchSize: 32, seed: 3 };

/** The losses of a run, step by step. */
async function losses(extra: TrainOptions, model = jointEnergy(network())): Promise<number[]> {
  const found: number[] = [];
  await train(model, clusters(128, 1), {
    ...options,
    ...extra,
    onProgress: (step) => {
      found.push(step.crossEntropy, step.dataEnergy, step.sampleEnergy);
      extra.onProgress?.(step);
    },
  });
  return found;
}

const stateOf = ({ state }: Checkpoint) => (state as KeptStates).state;

/** A store that stops the run for good once `updates` updates are in it. */
function dyingStore(updates: number) {
  const inner = memoryCheckpoint();
  return {
    inner,
    store: {
      ...inner,
      async save(checkpoint: Checkpoint) {
        await inner.save(structuredClone(checkpoint));
        if (stateOf(checkpoint).updates >= updates) throw new Error("killed");
      },
    },
  };
}

describe("a run that was killed", () => {
  it.each(["dense", "tfjs"] as const)("goes on to the same losses with the engine %s", async (engine) => {
    const whole = await losses({ engine });
    const { inner, store } = dyingStore(23);
    const killed = losses({ engine, checkpoint: store, checkpointEvery: 0 });
    await expect(killed).rejects.toThrow(
      "the checkpoint could not be saved (killed); the one before it is untouched",
    );
    const rest = await losses({ engine, checkpoint: inner });
    expect(rest).toEqual(whole.slice(3 * 23));
  });

  it("refuses a checkpoint of another version or another run's", async () => {
    const store = memoryCheckpoint();
    await losses({ checkpoint: store, steps: 10 });
    await expect(losses({ checkpoint: store, marginalWeight: 0.2 })).rejects.toThrow(
      "its marginalWeight is 0.1, this one's is 0.2",
    );
    const augment = Object.assign(() => {}, { label: "as they are" });
    await expect(losses({ checkpoint: store, augment })).rejects.toThrow(
      "its augment is undefined, this one's is as they are",
    );
    await store.save({ ...(await store.load())!, version: 2 });
    await expect(losses({ checkpoint: store })).rejects.toThrow("has version 2, expected 4");
  });

  it("gives its report again when there is nothing left to do", async () => {
    const store = memoryCheckpoint();
    const run = (limits: TrainOptions) =>
      train(jointEnergy(network()), clusters(128, 1), { ...options, checkpoint: store, ...limits });
    const first = await run({ steps: 10 });
    for (const limits of [{ steps: 10 }, { steps: 3 }]) {
      const again = await run(limits);
      expect(again).toMatchObject({ steps: 10, resumedFrom: 10, last: first.last });
      expect(again.buffer).toEqual(first.buffer);
    }
    // Time that is used up is no reason for another update.
    const timed = await run({ steps: 1000, timeLimit: 1e-9 });
    expect(timed).toMatchObject({ steps: 10, resumedFrom: 10 });
  });

  it("refuses a checkpoint of another model, of other data and of other outliers", async () => {
    const store = memoryCheckpoint();
    const outliers = Float32Array.of(0.1, 0.9, 0.9, 0.1);
    const start = { ...options, steps: 5, outliers, checkpoint: store };
    await train(jointEnergy(network()), clusters(128, 1), start);
    const refused = async (model: tf.Sequential, data: LabeledData, extra: TrainOptions = {}) => {
      const going = train(jointEnergy(model), data, { ...start, steps: 10, ...extra });
      await expect(going).rejects.toThrow("the checkpoint is of another run");
    };
    await refused(network("elu"), clusters(128, 1));
    await refused(network(), clusters(128, 2));
    const { inputs, labels } = clusters(128, 1);
    await refused(network(), { inputs, labels: Uint8Array.from(labels, (y) => 1 - y) });
    await refused(network(), clusters(128, 1), { outliers: Float32Array.of(0.1, 0.9, 0.9, 0.2) });
    await refused(network(), clusters(128, 1), { margins: [-3, -1] });
    // The same model made anew has other names and is gone on with.
    const again = await train(jointEnergy(network()), clusters(128, 1), { ...start, steps: 10 });
    expect(again.resumedFrom).toBe(5);
  });
});

describe("threads", () => {
  it.each(["swish", "elu"] as const)("change nothing about the result (%s)", async (activation) => {
    const results = [];
    for (const workers of [1, 2]) {
      const model = jointEnergy(network(activation));
      const found = await losses({ workers, groups: 4, classConditional: true, steps: 12 }, model);
      results.push([found, [...model.variables[0].dataSync()]]);
    }
    expect(results[1]).toEqual(results[0]);
  });

  it("refuse what cannot be sent to them", async () => {
    const own = { ...sampler, settings: undefined };
    await expect(losses({ workers: 2, sampler: own })).rejects.toThrow(/sampler is not sgld\(\)'s/);
    const model = jointEnergy({
      shape: [2],
      labels: 2,
      logits: (x) => x as tf.Tensor2D,
      variables: [tf.variable(tf.scalar(1))],
    });
    await expect(losses({ workers: 2 }, model)).rejects.toThrow(/a function cannot be sent to a thread/);
  });
});

describe("options of training", () => {
  const variants: [string, TrainOptions][] = [
    ["contrastive divergence from data", { chains: "data" }],
    ["class-conditional negatives", { classConditional: true }],
    ["informative initial states", { initialStates: "gaussian", classConditional: true }],
    ["initial states of data", { initialStates: "data", restartProbability: 0.5 }],
    ["warm-up, decay and a clip", { warmup: 10, weightDecay: 0.01, maxGradientNorm: 0.5 }],
    [
      "adversarial steps",
      { sampler: tensorSgld({ steps: 3, stepSize: 0.02, noiseScale: 0, box: [0, 1], direction: "sign" }) },
    ],
    ["proximal steps", { sampler: tensorSgld({ steps: 3, stepSize: 0.05, maxGradient: 0.5, box: [0, 1] }) }],
    ["a constant rate", { schedule: "constant", averageDecay: 0 }],
    ["noise on data and samples", { inputNoise: 0.05, sampleNoise: 0.05 }],
    ["augmentation", { augment: (inputs, _, rng) => inputs.set([rng.uniform()]) }],
  ];
  it.each(variants)("train alike on either engine: %s", async (_, extra) => {
    const last: TrainProgress[] = [];
    for (const engine of ["dense", "tfjs"] as const) {
      // Noise differs between the engines, so the two agree in what they learn and not in bits.
      await losses({
        ...extra,
        engine,
        steps: 150,
        onProgress: (step) => (last[engine === "dense" ? 0 : 1] = step),
      });
    }
    for (const { accuracy, dataEnergy, sampleEnergy, learningRate } of last) {
      expect(accuracy).toBeGreaterThan(0.9);
      expect(Math.abs(dataEnergy - sampleEnergy)).toBeLessThan(5);
      expect(learningRate).toBeCloseTo(extra.schedule === "constant" ? 0.02 : 0.002, 5);
    }
  });

  it("take the margins of energy fine-tuning from the mean energies, and push outliers up", async () => {
    const rng = createRng(9);
    const outliers = Float32Array.from({ length: 400 }, () => (rng.bernoulli(0.5) ? 0.05 : 0.95));
    const model = jointEnergy(network());
    const report = await train(model, clusters(128, 1), {
      ...options,
      steps: 300,
      marginalWeight: 0,
      outliers,
      outlierWeight: 1,
      margins: [-3, -1],
    });
    expect(report.margins).toEqual([-3, -1]);
    const mean = (rows: ArrayLike<number>) =>
      model.can.batch
        .energies(tf.tensor2d(Float32Array.from(rows), [rows.length / 2, 2]))
        .mean()
        .dataSync()[0];
    expect(mean(outliers)).toBeGreaterThan(mean(clusters(128, 1).inputs) + 1);
    const found = await train(jointEnergy(network()), clusters(128, 1), { ...options, steps: 1, outliers });
    const fresh = jointEnergy(network());
    const energies = fresh.can.batch.energies(tf.tensor2d(outliers, [200, 2]));
    expect(found.margins![1]).toBeCloseTo(energies.mean().dataSync()[0], 4);
    await expect(
      train(jointEnergy(network()), clusters(128, 1), { ...options, outliers: new Float32Array(3) }),
    ).rejects.toThrow(/outliers has length 3/);
  });
});

describe("a run that was given time", () => {
  // The clock stands still except for 5 ms an update, so that plans are the same on any machine.
  let clock = 0;
  beforeEach(() => void vi.spyOn(performance, "now").mockImplementation(() => clock));
  afterEach(() => void vi.restoreAllMocks());
  const run = (checkpoint: CheckpointStore, timeLimit: number, extra: TrainOptions = {}) =>
    train(jointEnergy(network()), clusters(128, 1), {
      ...options,
      steps: undefined,
      timeLimit,
      checkpoint,
      ...extra,
      onProgress: (step) => {
        clock += 5;
        extra.onProgress?.(step);
      },
    });

  it("plans the updates that fit into it", async () => {
    const totals: number[] = [];
    const { steps } = await run(memoryCheckpoint(), 1000, { onProgress: ({ total }) => totals.push(total) });
    // After 39 updates there is time for 0.96 times those that would fit into the rest.
    const planned = totals.at(-1) as number;
    expect(planned).toBeGreaterThan(180);
    expect(planned).toBeLessThan(200);
    expect(totals).toEqual([...new Array(39).fill(Infinity), ...new Array(planned - 39).fill(planned)]);
    expect(steps).toBe(planned);
  });

  it("makes a new plan when it is given more", async () => {
    const store = memoryCheckpoint();
    const first = await run(store, 400);
    const second = await run(store, 800);
    expect(second.resumedFrom).toBe(first.steps);
    expect(second.steps).toBeGreaterThan(1.8 * first.steps);
  });

  it("keeps its plan for the same time and makes another for another, wherever it stopped", async () => {
    const { inner, store } = dyingStore(60);
    await expect(run(store, 3_600_000, { checkpointEvery: 0 })).rejects.toThrow(/killed/);
    const state = stateOf((await inner.load())!);
    expect(state.planned).toBeGreaterThan(1000);
    const stop = new AbortController();
    const planned: number[] = [];
    const onProgress = ({ total }: TrainProgress) => {
      planned.push(total);
      stop.abort(new Error("seen"));
    };
    const copy = memoryCheckpoint();
    await copy.save(structuredClone((await inner.load())!));
    await expect(run(copy, 3_600_000, { onProgress, signal: stop.signal })).rejects.toThrow("seen");
    expect(planned).toEqual([state.planned]);
    const shorter = await run(inner, 1000 * state.seconds + 300);
    expect(shorter.steps).toBeGreaterThan(60);
    expect(shorter.last.total).toBeLessThan(state.planned);
  });
});

describe("the marginal term's restraint", () => {
  it("takes its weight away as the samples rise above the data, and gives it back", async () => {
    const seen: TrainProgress[] = [];
    await train(jointEnergy(network()), clusters(128, 1), {
      ...options,
      steps: 200,
      maxLag: 0.05,
      marginalWeight: 0.5,
      // One short step leaves chains far behind.
      sampler: tensorSgld({ steps: 1, stepSize: 1e-4, temperature: 1, box: [0, 1] }),
      onProgress: (step) => seen.push(step),
    });
    let gap = 0;
    for (const [k, { marginalWeight, dataEnergy, sampleEnergy }] of seen.entries()) {
      expect(marginalWeight).toBeCloseTo(0.5 * Math.min(1, Math.max(0, 1 + gap / 0.05)), 10);
      const next = dataEnergy - sampleEnergy;
      gap = k === 0 ? next : 0.95 * gap + 0.05 * next;
    }
    const weights = seen.map(({ marginalWeight }) => marginalWeight);
    expect(Math.min(...weights)).toBeLessThan(0.4);
    expect(Math.max(...weights)).toBeGreaterThan(0.4);
  });
});

describe("divergence", () => {
  it("is told from each of its signs", async () => {
    const diverging: [RegExp, TrainOptions][] = [
      [/no longer finite|drifted apart|norm grew|jumped/, { learningRate: 1e6 }],
      [/diverged at update \d+: cross-entropy jumped .*lower learningRate \(10\)/, { learningRate: 10 }],
      [
        /no longer finite/,
        { augment: (inputs, _, rng) => void (rng.bernoulli(0.2) && inputs.fill(Number.NaN)) },
      ],
      [/drifted apart/, { maxGap: 1e-6, steps: 300 }],
      [
        /chains have collapsed onto one point/,
        {
          steps: 300,
          sampler: {
            ...tensorSgld({ steps: 1, stepSize: 1, noiseScale: 0 }),
            settings: undefined,
            run: (_, start) => start.mul(0),
          },
          restartProbability: 0,
        },
      ],
      [
        /accuracy fell/,
        {
          steps: 400,
          groups: 1,
          augment: (() => {
            let calls = 0;
            return (_, labels) => void (calls++ > 150 && labels.set(labels.map((y) => 1 - y)));
          })(),
          learningRate: 1e-3,
        },
      ],
    ];
    for (const [message, extra] of diverging) {
      const failing = losses(extra);
      await expect(failing).rejects.toThrow(DivergenceError);
      await expect(failing).rejects.toThrow(message);
    }
  });

  it("is backed off from, with half the rate, where that was asked for", async () => {
    let [calls, bad] = [0, 0];
    const model = jointEnergy(network());
    const report = await train(model, clusters(128, 1), {
      ...options,
      steps: 250,
      backOff: 3,
      goodEvery: 1,
      checkpointEvery: 0,
      // Batches gone bad, as a faulty reader of data would give them: one, and at once another.
      augment: (inputs) => {
        if (++calls === 150 || calls === 152) {
          bad++;
          inputs[0] = Number.NaN;
        }
      },
    });
    expect([bad, report.steps]).toEqual([2, 250]);
    const [first, second] = report.backOffs;
    expect(first).toMatchObject({ update: 150, resumedFrom: 149, reason: expect.stringMatching(/finite/) });
    // What follows before the run has got past the first is gone back from further.
    expect(second.update).toBe(151);
    expect(second.resumedFrom).toBeLessThan(149);
    expect(second.resumedFrom).toBeGreaterThan(100);
    expect(report.backOffs).toHaveLength(2);
    expect(report.last.learningRate).toBeCloseTo(0.0005, 6);
    expect([...model.variables[0].dataSync()].every(Number.isFinite)).toBe(true);
  });

  it("is backed off from in the same way however often the run is saved", async () => {
    const weights = [];
    for (const checkpointEvery of [0, 1_000_000]) {
      const model = jointEnergy(network());
      let calls = 0;
      const report = await train(model, clusters(128, 1), {
        ...options,
        steps: 200,
        backOff: 1,
        goodEvery: 7,
        checkpointEvery,
        checkpoint: memoryCheckpoint(),
        augment: (inputs) => {
          if (++calls === 150) inputs[0] = Number.NaN;
        },
      });
      expect(report.backOffs).toHaveLength(1);
      expect(report.backOffs[0].resumedFrom).toBe(147);
      weights.push(model.variables.map((variable) => [...variable.dataSync()]));
    }
    expect(weights[0]).toEqual(weights[1]);
  });

  it("leaves the last good parameters behind", async () => {
    const model = jointEnergy(network());
    let calls = 0;
    const failing = train(model, clusters(128, 1), {
      ...options,
      checkpointEvery: 0,
      augment: (inputs) => void (++calls > 40 && inputs.fill(Number.NaN)),
    });
    await expect(failing).rejects.toThrow(/diverged at update 41/);
    expect([...model.variables[0].dataSync()].every(Number.isFinite)).toBe(true);
  });
});

describe("a net with one output", () => {
  it("is trained on inputs alone, with the bits of a single class", async () => {
    const net = () =>
      tf.sequential({
        layers: [
          tf.layers.dense({
            ...{ units: 8, inputShape: [2], activation: "swish" },
            kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
          }),
          tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) }),
        ],
      });
    const { inputs } = clusters(128, 1);
    const run = async (data: Parameters<typeof train>[1]) => {
      const model = energyNet(net());
      const { last } = await train(model, data, options);
      return [last.dataEnergy, last.sampleEnergy, ...model.variables.map((each) => [...each.dataSync()])];
    };
    const alone = await run({ inputs });
    expect(alone).toEqual(await run({ inputs, labels: new Uint8Array(128) }));
    // Training has moved the first layer.
    const [kernel] = energyNet(net()).variables;
    expect(alone[2]).not.toEqual([...kernel.dataSync()]);
    await expect(train(jointEnergy(network()), { inputs }, options)).rejects.toThrow(
      "labels is undefined, expected a class an input, from 0 on",
    );
  });

  it.each([undefined, {}, { labels: [0] }])("is not trained on %o", async (data) => {
    for (const model of [
      energyNet(tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] })),
      jointEnergy(network()),
    ])
      await expect(train(model, data as never, options)).rejects.toThrow(
        /^the data of train is .*, expected { inputs, labels }$/,
      );
  });
});
