import { exactLikelihood } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { crowdedSchedule } from "@basin/samplers/temper";
import { boltzmann, gTest, spinStates, zThreshold } from "@basin/testing";
import { describe, expect, test } from "vitest";
import { Engine } from "../../src/learn/engine.ts";
import { exactLogPartition } from "../../src/learn/exact-partition.ts";
import {
  type ClassMachine,
  classMachine,
  drawRbm,
  type RestrictedBoltzmannMachine,
  restrictedBoltzmannMachine,
  trainRbm,
} from "../../src/learn/index.ts";
import { annealedLogPartition } from "../../src/learn/partition.ts";
import type { TrainRbmOptions } from "../../src/learn/train.ts";
import { strongMachine } from "./strong-machine.ts";

const plain = { momentum: 0, weightDecay: 0, averageDecay: 0, epochs: 1 } as const;

describe("the kernel and its twin give the same bits", () => {
  test.each([
    [7, 5, 4, "cd", 2],
    [33, 40, 9, "pcd", 1],
    [70, 33, 13, "pcd", 3],
    [4, 300, 6, "cd", 1],
  ] as const)(
    "%d visible, %d hidden, batches of %d, %s-%d",
    async (visible, hidden, batchSize, method, steps) => {
      const data = Array.from({ length: 40 }, (_, k) =>
        Float32Array.from({ length: visible }, (_, i) => ((k * 7 + i * 3) % 11) / 10),
      );
      const outcomes = [];
      for (const kernel of ["wasm", "typescript"] as const) {
        const machine = strongMachine(visible, hidden);
        const options: TrainRbmOptions = {
          seed: 3,
          epochs: 2,
          batchSize,
          method,
          steps,
          kernel,
          averageDecay: 0.9,
        };
        const report = await trainRbm(machine, data, options);
        expect(report.kernel).toBe(kernel);
        const draws = await drawRbm(machine, { seed: 4, count: 5, steps: 3, kernel });
        const estimate = await annealedLogPartition(machine, {
          seed: 5,
          chains: 6,
          inverseTemperatures: crowdedSchedule(20),
          settle: 3,
          kernel,
          base: machine.visibleBias,
        });
        const epochs = report.epochs.map(({ seconds: _, ...figures }) => figures);
        outcomes.push({
          parameters: [...machine.parameters],
          epochs,
          chains: report.chains,
          draws,
          estimate,
        });
      }
      expect(outcomes[0]).toEqual(outcomes[1]);
    },
  );
});

/** −∂loss/∂θ of one update by the fast trainer, with many chains a long way from the data. */
async function ascentOf(
  machine: RestrictedBoltzmannMachine,
  data: readonly Int8Array[],
  method: "cd" | "pcd",
  steps: number,
): Promise<Float64Array> {
  const copy = machine.withEncoding(machine.encoding);
  const before = copy.parameters.slice();
  const batch = Array.from({ length: SAMPLES }, (_, k) => data[k % data.length]);
  await trainRbm(copy, batch, { ...plain, seed: 7, batchSize: SAMPLES, method, steps, learningRate: 1 });
  return copy.parameters.map((value, k) => value - before[k]);
}

const SAMPLES = 30_000;

describe("one update follows the exact gradient of the likelihood", () => {
  const machine = strongMachine(5, 4);
  const data = [Int8Array.of(1, 1, -1, -1, 1), Int8Array.of(-1, 1, 1, -1, -1), Int8Array.of(1, -1, 1, 1, 1)];
  const { gradient } = exactLikelihood(machine, data);
  // Each component is the mean of 30 000 products in [0, 1], of variance at most ¼, from independent chains.
  const tolerance = zThreshold(gradient.length) * Math.sqrt(0.25 / SAMPLES);
  const worst = (ascent: Float64Array) =>
    Math.max(...ascent.map((value, k) => Math.abs(value + gradient[k])));

  test("after many Gibbs steps", async () => {
    expect(worst(await ascentOf(machine, data, "pcd", 60))).toBeLessThan(tolerance);
    expect(worst(await ascentOf(machine, data, "cd", 60))).toBeLessThan(tolerance);
  });

  test("and the bias of one step, or a machine 20 % off, is seen", async () => {
    expect(worst(await ascentOf(machine, data, "cd", 1))).toBeGreaterThan(tolerance);
    const off = machine.withEncoding("bits");
    for (let k = 0; k < off.parameters.length; k++) off.parameters[k] *= 1.2;
    expect(worst(await ascentOf(off, data, "pcd", 60))).toBeGreaterThan(tolerance);
  });
});

test("spins are trained as bits are, and keep their encoding", async () => {
  const bits = strongMachine(5, 4);
  const spins = bits.withEncoding("spins");
  const data = [[1, -1, -1, 1, 1]];
  for (const machine of [bits, spins]) await trainRbm(machine, data, { seed: 2, epochs: 20 });
  expect(spins.encoding).toBe("spins");
  for (const state of spinStates(5)) {
    const [a, b] = [bits, spins].map((machine) => machine.energy(state) - machine.energy(spinStates(5)[0]));
    expect(a).toBeCloseTo(b, 4);
  }
});

test("both methods bring the exact likelihood of a small data set near what can be", async () => {
  const data = [
    [1, 1, 0, 0, 0, 0],
    [0, 0, 1, 1, 0, 0],
    [0, 0, 0, 0, 1, 1],
    [1, 1, 1, 1, 1, 1],
  ];
  const spins = data.map((row) => Int8Array.from(row, (bit) => 2 * bit - 1));
  for (const method of ["cd", "pcd"] as const) {
    const machine = restrictedBoltzmannMachine({ visible: 6, hidden: 6, seed: 1, weightScale: 0.1 });
    await trainRbm(machine, data, {
      seed: 1,
      epochs: 4000,
      batchSize: 4,
      chains: 20,
      steps: method === "cd" ? 3 : 1,
      method,
      learningRate: (share) => 0.1 * (1 - share),
      weightDecay: 0,
    });
    // Four equally likely states have at least ln 4 = 1.386 nats; six coins have 4.159.
    const { loss } = exactLikelihood(machine, spins);
    expect(loss).toBeGreaterThan(Math.log(4));
    expect(loss).toBeLessThan(1.75);
  }
});

test("chains draw the machine's law, and a machine 5 % off is told apart", async () => {
  const machine = strongMachine(4, 3);
  const states = spinStates(4);
  const law = boltzmann(states.map((state) => machine.energy(state)));
  const counts = async (sampled: RestrictedBoltzmannMachine) => {
    const draws = await drawRbm(sampled, { seed: 11, count: 60_000, steps: 60 });
    const index = new Map(states.map((state, k) => [String(state), k]));
    const tally = new Float64Array(16);
    for (const state of draws.states) tally[index.get(String(state)) as number]++;
    return tally;
  };
  expect(gTest(await counts(machine), law).pValue).toBeGreaterThan(1e-6);
  const off = machine.withEncoding("bits");
  for (let k = 0; k < off.parameters.length; k++) off.parameters[k] *= 1.05;
  expect(gTest(await counts(off), law).pValue).toBeLessThan(1e-6);
});

describe("annealed importance sampling", () => {
  test.each(["bits", "spins"] as const)("brackets the exact log Z of machines over %s", async (encoding) => {
    // Spins couple four times as strongly as bits of the same weights.
    const machine = strongMachine(7, 5).withEncoding(encoding);
    const exact = exactLogPartition(machine);
    const base = machine.withEncoding("bits").visibleBias;
    for (const inverseTemperatures of [crowdedSchedule(300), [0, 0.25, 0.5, 0.75, 1]]) {
      const { forward, reverse } = await annealedLogPartition(machine, {
        seed: 8,
        chains: 2000,
        inverseTemperatures,
        base,
      });
      expect(forward.effectiveSampleSize).toBeGreaterThan(500);
      expect(Math.abs(forward.mean - exact)).toBeLessThan(zThreshold(8) * forward.standardError);
      expect(Math.abs(reverse.mean - exact)).toBeLessThan(zThreshold(8) * reverse.standardError);
    }
  });

  test("sees a machine whose weights are 5 % off", async () => {
    const machine = strongMachine(7, 5);
    const off = machine.withEncoding("bits");
    for (let k = 0; k < off.weights.length; k++) off.weights[k] *= 1.05;
    const { forward } = await annealedLogPartition(off, {
      seed: 8,
      chains: 2000,
      inverseTemperatures: crowdedSchedule(300),
    });
    expect(Math.abs(forward.mean - exactLogPartition(machine))).toBeGreaterThan(
      zThreshold(8) * forward.standardError,
    );
  });

  test("refuses schedules that do not lead from 0 to 1", async () => {
    const machine = strongMachine(3, 2);
    const run = (inverseTemperatures: number[]) =>
      annealedLogPartition(machine, { seed: 1, inverseTemperatures });
    await expect(run([0, 0.5])).rejects.toThrow("expected at least 2 from 0 to 1");
    await expect(run([0, 0.6, 0.5, 1])).rejects.toThrow("0.5 follows 0.6");
    await expect(annealedLogPartition(machine, { seed: 1, base: [0, 0] })).rejects.toThrow(
      "3 finite numbers",
    );
  });
});

test("a machine with labels learns to classify, and draws states with their label", async () => {
  const machine: ClassMachine = classMachine({ visible: 6, labels: 3, hidden: 8, seed: 1, weightScale: 0.1 });
  const data = [
    [1, 1, 0, 0, 0, 0],
    [0, 0, 1, 1, 0, 0],
    [0, 0, 0, 0, 1, 1],
  ];
  await trainRbm(machine, data, {
    labels: [0, 1, 2],
    seed: 1,
    epochs: 3000,
    batchSize: 3,
    chains: 10,
    learningRate: 0.1,
  });
  const spins = data.map((row) => Int8Array.from(row, (bit) => 2 * bit - 1));
  for (const [label, x] of spins.entries()) {
    const energies = machine.energies(x, new Float64Array(3));
    expect(energies.indexOf(Math.min(...energies))).toBe(label);
  }
  const draws = await drawRbm(machine, { seed: 3, count: 200, steps: 200 });
  const right = draws.states.filter(
    (state, k) => String(state) === String(spins[draws.labels?.[k] ?? -1]),
  ).length;
  expect(right).toBeGreaterThan(140);
});

describe("what cannot be learned from is refused by name", () => {
  const machine = strongMachine(3, 2);
  const run = (data: number[][], options: Partial<TrainRbmOptions> = {}) =>
    trainRbm(machine, data, { seed: 1, ...options });

  test.each<[string, number[][], Partial<TrainRbmOptions>, string]>([
    ["no data", [], {}, "no data"],
    ["rows of the wrong length", [[1, 0]], {}, "rows of 2, the machine has 3 visible units"],
    ["ragged rows", [[1, 0, 1], [1]], {}, "ragged: row 1"],
    ["bytes", [[0, 200, 1]], {}, "row 0, column 1 are 200, expected a number from 0 to 1"],
    ["spins with a zero", [[-1, 0, 1]], {}, "row 0, column 1 are 0, expected −1 or +1"],
    ["NaN", [[0, Number.NaN, 1]], {}, "row 0, column 1 are NaN"],
    ["an unknown method", [[1, 0, 1]], { method: "sgd" as never }, 'unknown method "sgd"; known: cd, pcd'],
    ["no epochs", [[1, 0, 1]], { epochs: 0 }, "epochs is 0"],
    ["a rate of NaN", [[1, 0, 1]], { learningRate: Number.NaN }, "learningRate is NaN"],
    ["labels without a place", [[1, 0, 1]], { labels: [0] }, "a machine that has none"],
  ])("%s", async (_, data, options, message) => {
    await expect(run(data, options)).rejects.toThrow(message);
  });

  test("labels missing, too few, or out of range", async () => {
    const labeled = classMachine({ visible: 3, labels: 2, hidden: 2, seed: 0 });
    const learn = (labels?: number[]) =>
      trainRbm(labeled, [[1, 0, 1]], { seed: 1, ...(labels && { labels }) });
    await expect(learn()).rejects.toThrow("none were given");
    await expect(learn([0, 1])).rejects.toThrow("labels has length 2, expected 1");
    await expect(learn([2])).rejects.toThrow("labels[0] is 2");
  });
});

test("a training that blows up says so and leaves the machine as it was", async () => {
  const machine = strongMachine(4, 3);
  const before = [...machine.parameters];
  const options = { seed: 1, epochs: 50, learningRate: 1e30, averageDecay: 0 };
  await expect(trainRbm(machine, [[1, 0, 1, 0]], options)).rejects.toThrow("lower the learning rate");
  expect([...machine.parameters]).toEqual(before);
});

test("an aborted training rejects with the reason and leaves the machine as it was", async () => {
  const machine = strongMachine(40, 30);
  const before = [...machine.parameters];
  const control = new AbortController();
  const data = Array.from({ length: 500 }, (_, k) => Array.from({ length: 40 }, (_, i) => (k + i) % 2));
  const onProgress = () => control.abort(new Error("enough"));
  const run = trainRbm(machine, data, { seed: 1, epochs: 1000, signal: control.signal, onProgress });
  await expect(run).rejects.toThrow("enough");
  expect([...machine.parameters]).toEqual(before);
});

test("generators have sixteen words of state each, and a checkpoint holds nothing else with them", () => {
  const engine = new Engine({ visible: 3, hidden: 2, samples: 4, generators: 2 });
  engine.seed(createRng(1), 0);
  engine.seed(createRng(2), 1);
  expect(engine.rngs).toHaveLength(32);
  expect(engine.rngs.every((word) => word !== 0)).toBe(true);
});
