import { enumerate, shift } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { memoryCheckpoint } from "@basin/energy-core/run";
import { layers } from "@basin/ising/learn";
import { annealedImportance, linearSchedule, sequentialMonteCarlo, temper } from "@basin/samplers/temper";
import { assertMean, gTest, spinStates } from "@basin/testing";
import { type WalkerCase, walkerChecks } from "@basin/testing/walkers";
import { describe, expect, it, test } from "vitest";
import { strongMachine } from "./strong-machine.ts";

const machine = strongMachine(4, 3);
const states = spinStates(4);
const base = [0.5, -1, 0.2, 0.8];

/** p_β(v), up to a factor, from its formula. */
const weightFrom =
  (start: readonly number[]) =>
  (v: Int8Array, beta: number): number => {
    const bits = v.map((spin) => (spin + 1) / 2);
    let log = 0;
    for (const [i, bit] of bits.entries())
      log += bit * (beta * machine.visibleBias[i] + (1 - beta) * start[i]);
    for (let j = 0; j < 3; j++) {
      let field = machine.hiddenBias[j];
      for (const [i, bit] of bits.entries()) field += bit * machine.weights[3 * i + j];
      log += Math.log(1 + Math.exp(beta * field));
    }
    return Math.exp(log);
  };

function caseOf(
  name: string,
  options: Parameters<typeof layers>[0],
  weight?: (v: Int8Array, beta: number) => number,
): WalkerCase<Int8Array> {
  return {
    name,
    make: async (groups, seed) => {
      const streams = (group: number) => createRng(seed).split(group);
      return {
        walkers: (await layers(options).walkers(machine, { groups, streams })) as never,
        streams: streams as never,
      };
    },
    energy: (state) => machine.energy(state),
    state: (number) => states[number % states.length],
    inverseTemperatures: [0.4, 1],
    law: weight && { states, steps: 30, draws: 4000, weight },
  };
}

describe.each([
  caseOf("single ones", {}, weightFrom([0, 0, 0, 0])),
  caseOf("groups of five, from a base", { group: 5, base }, weightFrom(base)),
  caseOf("groups in TypeScript", { group: 3, kernel: "typescript" }),
])("walkers of the layers of a machine: $name", (kernel) => {
  test.each(Object.keys(walkerChecks))("%s", (name) => walkerChecks[name](kernel as WalkerCase<unknown>));
});

test("walkers write the energies of one group alone", async () => {
  const streams = (group: number) => createRng(5).split(group);
  const walkers = await layers({ group: 4 }).walkers(machine, { groups: 3, streams });
  walkers.step(3, 0.5);
  const all = [...walkers.energies(new Float64Array(12))];
  const own = walkers.energies(new Float64Array(12).fill(Number.NaN), 1);
  const none = Array.from({ length: 4 }, () => Number.NaN);
  expect([...own]).toEqual([...none, ...all.slice(4, 8), ...none]);
});

describe("the loops of samplers go by the ratios of the layers' laws", () => {
  const { logPartition } = enumerate(machine);
  const law = states.map((state) => Math.exp(-machine.energy(state) - logPartition));
  const counts = (drawn: readonly Int8Array[]) =>
    Float64Array.from(states, (state) => drawn.filter((own) => String(own) === String(state)).length);

  it("temper: the cold level has the machine's law, and a machine 20 % off has not", async () => {
    const options = { inverseTemperatures: [0, 0.5, 1], steps: 3, warmup: 20, draws: 1, seed: 4 };
    const cold = async (from: typeof machine) => {
      const { chains } = await temper(from, layers({ group: 4000 }), { ...options, chains: 1 });
      return counts(chains.map(({ positions }) => positions));
    };
    expect(gTest(await cold(machine), Float64Array.from(law)).pValue).toBeGreaterThan(1e-6);
    const off = machine.withEncoding("bits");
    for (let k = 0; k < off.parameters.length; k++) off.parameters[k] *= 1.2;
    expect(gTest(await cold(off), Float64Array.from(law)).pValue).toBeLessThan(1e-6);
  });

  it.each(["bits", "spins"] as const)(
    "sequential Monte Carlo finds log Z over %s, from any base",
    async (encoding) => {
      const own = machine.withEncoding(encoding);
      const exact = enumerate(own).logPartition;
      for (const from of [base, undefined]) {
        const kernel = layers({ group: 50, base: from });
        const found = await sequentialMonteCarlo(own, kernel, { seed: 3, particles: 4000, threshold: 0.9 });
        expect(found.inverseTemperatures.length).toBeGreaterThan(3);
        const { logPartition: mean, standardError } = found;
        assertMean({ mean, standardError }, exact, { comparisons: 4 });
        expect(standardError).toBeLessThan(0.02);
      }
    },
  );

  it("annealed importance sampling goes on from a checkpoint, and not from another machine's", async () => {
    const options = { seed: 2, chains: 80, inverseTemperatures: linearSchedule(0, 1, 40), settle: 5 };
    const run = (more: object, on = machine) =>
      annealedImportance(on, layers(), { ...options, ...more, logPartitionAtStart: on.space.logCount });
    const whole = await run({});
    expect(Math.abs(whole.forward.mean - logPartition)).toBeLessThan(5.41 * whole.forward.standardError);
    expect(Math.abs(whole.reverse.mean - logPartition)).toBeLessThan(5.41 * whole.reverse.standardError);
    const checkpoint = memoryCheckpoint();
    expect(await run({ checkpoint })).toEqual(whole);
    expect(await run({ checkpoint })).toEqual(whole);
    const other = machine.withEncoding("bits");
    other.parameters[0] += 1;
    await expect(run({ checkpoint }, other)).rejects.toThrow("parameters");
  });
});

test("an energy without layers, and a base of another length, are refused", async () => {
  const streams = () => createRng(1);
  expect(() => layers().walkers(shift(machine, 1) as never, { streams })).toThrow("needs the layers");
  expect(() => layers({ base: [1] }).walkers(machine, { streams })).toThrow("4 finite numbers, got 1");
});
