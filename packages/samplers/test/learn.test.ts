import { categorical, createRng } from "@basin/energy-core/random";
import { memoryCheckpoint } from "@basin/energy-core/run";
import { assertMean, boltzmann, branches, type ForkingRng, spinStates } from "@basin/testing";
import { describe, expect, test } from "vitest";
import { estimateMean, heatBath, lift, metropolis } from "../src/index.ts";
import { contrastiveGradient } from "../src/learn/gradient.ts";
import {
  contrastiveDivergence,
  maximizeLikelihood,
  type NegativePhase,
  persistentChains,
  replayBuffer,
  temperedChains,
} from "../src/learn/index.ts";
import { boltzmannMachine, exactModelGradient } from "./fixtures/boltzmann-machine.ts";

type Machine = ReturnType<typeof boltzmannMachine>;
const TRUTH = [0.3, -0.4, 0.1, 0.8, -0.5, 0.6, 0.2, -0.7, 0.4, 0.3];

function truth(): Machine {
  const machine = boltzmannMachine(4);
  machine.can.parameters.values.set(TRUTH);
  return machine;
}

/** Independent draws of the true model. */
function drawData(count: number, seed: number): Int8Array[] {
  const machine = truth();
  const states = spinStates(4);
  const law = boltzmann(states.map((state) => machine.energy(state)));
  const rng = createRng(seed);
  return Array.from({ length: count }, () => states[categorical(rng, law)]);
}

describe("contrastiveGradient", () => {
  test("vanishes where both phases are the same, and has the sign of the energies' difference where not", () => {
    const machine = truth();
    const data = drawData(50, 1);
    const out = new Float64Array(10);
    contrastiveGradient(machine, data, data, out);
    for (const value of out) expect(value).toBeCloseTo(0, 12);
    const { energyGap } = contrastiveGradient(machine, [data[0]], [data[1]], out);
    expect(energyGap).toBeCloseTo(machine.energy(data[0]) - machine.energy(data[1]), 12);
  });

  test("equals the difference quotient of the negative log-likelihood", () => {
    const machine = truth();
    const data = drawData(20, 2);
    const states = spinStates(4);
    const loss = () => {
      const logZ = Math.log(states.reduce((sum, state) => sum + Math.exp(-machine.energy(state)), 0));
      return data.reduce((sum, state) => sum + machine.energy(state), 0) / data.length + logZ;
    };
    const gradient = exactModelGradient(machine).map((value) => -value);
    const { values, addGradient } = machine.can.parameters;
    for (const state of data) addGradient(state, 1 / data.length, gradient);
    for (let i = 0; i < 10; i++) {
      values[i] += 1e-5;
      const above = loss();
      values[i] -= 2e-5;
      const below = loss();
      values[i] += 1e-5;
      expect(gradient[i]).toBeCloseTo((above - below) / 2e-5, 8);
    }
  });

  test("refuses empty batches and gradients that are not finite", () => {
    const machine = truth();
    const [state] = drawData(1, 3);
    expect(() => contrastiveGradient(machine, [], [state], new Float64Array(10))).toThrow("got 0 and 1");
    const { values } = machine.can.parameters;
    const addGradient = (_: Int8Array, __: number, out: Float64Array) => {
      out[3] = Number.NaN;
    };
    const broken = { ...machine, can: { ...machine.can, parameters: { values, addGradient } } };
    expect(() => contrastiveGradient(broken, [state], [state], new Float64Array(10))).toThrow(
      "the gradient of parameter 3 is NaN: training has gone astray",
    );
    const nan = { ...machine, energy: () => Number.NaN };
    expect(() => contrastiveGradient(nan, [state], [state], new Float64Array(10))).toThrow(
      "the energy of positive 0 is NaN",
    );
  });
});

test("CD-k draws have exactly the law of k kernel steps from the data", () => {
  const machine = truth();
  const [start] = drawData(1, 4);
  const law = new Map<string, number>();
  const phase = contrastiveDivergence<Int8Array>(heatBath({ visits: 1 }), { steps: 2 });
  for (const { result, probability } of branches((rng: ForkingRng) =>
    String((phase.draw(machine, [start], rng as never) as Int8Array[])[0]),
  )) {
    law.set(result, (law.get(result) ?? 0) + probability);
  }
  // The same by hand: two visits of a uniform site, each drawn from its conditional distribution.
  let expected = new Map([[String(start), 1]]);
  for (let k = 0; k < 2; k++) {
    const next = new Map<string, number>();
    for (const [key, mass] of expected) {
      for (let i = 0; i < 4; i++) {
        const state = Int8Array.from(key.split(","), Number);
        const flipped = state.slice();
        flipped[i] = -flipped[i];
        const up = 1 / (1 + Math.exp(machine.energy(flipped) - machine.energy(state)));
        next.set(String(flipped), (next.get(String(flipped)) ?? 0) + (mass / 4) * up);
        next.set(key, (next.get(key) ?? 0) + (mass / 4) * (1 - up));
      }
    }
    expected = next;
  }
  expect([...law.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [key, mass] of expected) expect(law.get(key)).toBeCloseTo(mass, 12);
});

const tempered = () =>
  temperedChains<Machine, Int8Array>(lift(heatBath()), { inverseTemperatures: [0.3, 1], rounds: 10 });

describe("the model's expectation agrees with enumeration at fixed parameters", () => {
  const fresh = (rng: { bernoulli(p: number): boolean }) =>
    Int8Array.from({ length: 4 }, () => (rng.bernoulli(0.5) ? 1 : -1));
  const phases: [string, () => NegativePhase<Machine, Int8Array>][] = [
    ["persistent chains", () => persistentChains(metropolis(), { chains: 20, steps: 2 })],
    ["a replay buffer with long chains", () => replayBuffer(heatBath(), { fresh, capacity: 50, steps: 40 })],
    ["CD with long chains", () => contrastiveDivergence(heatBath(), { steps: 40 })],
    [
      "CD with long chains as walkers",
      () => contrastiveDivergence<Machine, Int8Array>(lift(heatBath()), { steps: 40 }),
    ],
    ["chains at several temperatures", () => tempered()],
  ];
  const expectation = async (phase: NegativePhase<Machine, Int8Array>) => {
    const machine = truth();
    const rng = createRng(5);
    const positives = drawData(20, 6).map(() => Int8Array.of(1, 1, 1, 1));
    const traces = Array.from({ length: 10 }, () => new Float64Array(500));
    for (let t = 0; t < 20; t++) await phase.draw(machine, positives, rng);
    for (let t = 0; t < 500; t++) {
      const out = new Float64Array(10);
      const drawn = await phase.draw(machine, positives, rng);
      for (const state of drawn) machine.can.parameters.addGradient(state, 1 / drawn.length, out);
      for (let i = 0; i < 10; i++) traces[i][t] = out[i];
    }
    return traces.map((trace) => estimateMean(trace));
  };
  test.each(phases)("%s", async (_, make) => {
    const exact = exactModelGradient(truth());
    for (const [i, estimate] of (await expectation(make())).entries())
      assertMean(estimate, exact[i], { comparisons: 50 });
  });
  test("and CD-1 is biased toward where it started, as it must be", async () => {
    const exact = exactModelGradient(truth());
    const estimates = await expectation(contrastiveDivergence(metropolis({ visits: 1 }), { steps: 1 }));
    expect(() => {
      for (const [i, estimate] of estimates.entries()) assertMean(estimate, exact[i], { comparisons: 30 });
    }).toThrow("z = ");
  });
});

describe("maximizeLikelihood", () => {
  const data = drawData(2000, 7);
  const dataMean = (machine: Machine) => {
    const out = new Float64Array(10);
    for (const state of data) machine.can.parameters.addGradient(state, 1 / data.length, out);
    return out;
  };
  test.each<[string, () => NegativePhase<Machine, Int8Array>]>([
    ["persistent chains", () => persistentChains(heatBath(), { chains: 200 })],
    ["CD-5", () => contrastiveDivergence(heatBath(), { steps: 5 })],
  ])("%s reach the maximum: the model's exact moments become the data's", async (_, make) => {
    const machine = boltzmannMachine(4);
    const before = Math.max(
      ...exactModelGradient(machine).map((value, i) => Math.abs(value - dataMean(machine)[i])),
    );
    const report = await maximizeLikelihood(machine, data, make(), {
      seed: 1,
      updates: 800,
      batchSize: 200,
      learningRate: (_share, t) => 0.2 / (1 + t / 80),
    });
    const model = exactModelGradient(machine);
    const wanted = dataMean(machine);
    expect(before).toBeGreaterThan(0.2);
    for (let i = 0; i < 10; i++) expect(Math.abs(model[i] - wanted[i])).toBeLessThan(0.04);
    expect(report.energyGap).toHaveLength(800);
  });

  test("the same seed gives the same parameters", async () => {
    const fit = async (seed: number) => {
      const machine = boltzmannMachine(4);
      await maximizeLikelihood(machine, data, persistentChains(heatBath()), { seed, updates: 20 });
      return [...machine.can.parameters.values];
    };
    expect(await fit(3)).toEqual(await fit(3));
    expect(await fit(3)).not.toEqual(await fit(4));
  });

  test.each<[string, () => NegativePhase<Machine, Int8Array>]>([
    ["persistent chains", () => persistentChains(heatBath())],
    [
      "a replay buffer",
      () => replayBuffer(heatBath(), { fresh: () => Int8Array.of(1, 1, 1, 1), capacity: 30 }),
    ],
    ["chains at several temperatures", () => tempered()],
    ["contrastive divergence", () => contrastiveDivergence(heatBath())],
  ])("goes on to the same parameters when it is stopped: %s", async (_, make) => {
    const options = { seed: 3, updates: 20, momentum: 0.5, batchSize: 10 };
    const whole = boltzmannMachine(4);
    const report = await maximizeLikelihood(whole, data, make(), options);
    const kept = boltzmannMachine(4);
    const start = kept.can.parameters.values.slice();
    const checkpoint = memoryCheckpoint();
    const control = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 7 && control.abort(new Error("stopped"));
    const stopped = maximizeLikelihood(kept, data, make(), {
      ...{ ...options, checkpoint, onProgress, signal: control.signal },
    });
    await expect(stopped).rejects.toThrow("stopped");
    kept.can.parameters.values.set(start);
    expect(await maximizeLikelihood(kept, data, make(), { ...options, checkpoint })).toEqual(report);
    expect(kept.can.parameters.values).toEqual(whole.can.parameters.values);
    const other = maximizeLikelihood(boltzmannMachine(4), data.slice(1), make(), { ...options, checkpoint });
    await expect(other).rejects.toThrow("another run");
  });

  test("ascending instead of descending would be seen", async () => {
    const machine = boltzmannMachine(4);
    const { values, addGradient } = machine.can.parameters;
    const flipped = (s: Int8Array, w: number, out: Float64Array) => addGradient(s, -w, out);
    const upsideDown = { ...machine, can: { ...machine.can, parameters: { values, addGradient: flipped } } };
    await maximizeLikelihood(upsideDown, data, contrastiveDivergence(heatBath(), { steps: 5 }), {
      seed: 1,
      updates: 100,
      learningRate: 0.05,
    });
    const gap = Math.max(
      ...exactModelGradient(machine).map((value, i) => Math.abs(value - dataMean(machine)[i])),
    );
    expect(gap).toBeGreaterThan(0.5);
  });
});

test("persistent chains can be saved and put back", () => {
  const machine = truth();
  const data = drawData(8, 8);
  const phase = persistentChains<Int8Array>(heatBath());
  phase.draw(machine, data, createRng(1));
  const saved = phase.states();
  const next = phase.draw(machine, data, createRng(2));
  phase.restore(saved);
  expect(phase.draw(machine, data, createRng(2))).toEqual(next);
});
