import { createRng, type Rng } from "@basin/energy-core/random";
import { spinStates } from "@basin/testing";
import { type WalkerCase, walkerChecks } from "@basin/testing/walkers";
import { describe, expect, test } from "vitest";
import { kernelByName, lift, type MoveKernel, metropolis, type Walkers } from "../../src/index.ts";
import { together } from "../../src/internal/index.ts";
import { kernelNames } from "../../src/kernels/by-name.ts";
import { gaussian, spinGlass } from "../fixtures/energies.ts";

const glass = spinGlass(4, 6);
const bowl = gaussian([
  [2, 0.5],
  [0.5, 1],
]);
const states = spinStates(4);
const spinKernels = ["metropolis", "heat-bath", "gibbs", "gibbs-with-gradients", "discrete-langevin"];
/** Kernels whose law is only nearly Boltzmann's, or that refuse a β other than 1. */
const unadjusted = ["discrete-langevin"];

type Make = (seed: number, groups: number) => Walkers<Int8Array> | Promise<Walkers<Int8Array>>;

const streamsOf = (seed: number) => {
  const rng = createRng(seed);
  return (group: number) => rng.split(group);
};

function spinCase(name: string, make: Make, exact = true): WalkerCase<Int8Array> {
  return {
    name,
    make: async (groups, seed) => ({
      walkers: (await make(seed, groups)) as never,
      streams: streamsOf(seed) as never,
    }),
    energy: (state) => glass.energy(state),
    state: (number) => states[number % states.length],
    inverseTemperatures: [0.6, 1.2],
    law: exact ? { states, steps: 12, draws: 4000 } : undefined,
  };
}

function lifted(name: string): Make {
  return (seed, groups) =>
    lift(kernelByName(name) as never as MoveKernel).walkers(glass, {
      groups,
      streams: streamsOf(seed),
    });
}

const spinCases = [
  ...spinKernels.map((name) => spinCase(name, lifted(name), !unadjusted.includes(name))),
  spinCase("metropolis, taken together", (seed, groups) =>
    together(
      Array.from({ length: groups }, (_, g) =>
        lift(metropolis()).walkers(glass, { streams: () => streamsOf(seed)(g) }),
      ),
    ),
  ),
];

function realOptions(name: string) {
  if (name.endsWith("slice")) return {};
  return name === "random-walk" ? { scale: 0.3 } : { stepSize: 0.3 };
}

const realCases = kernelNames
  // The energy that sgld knows is that of its last gradient, before the step.
  .filter((name) => !spinKernels.includes(name) && name !== "sgld")
  .map(
    (name): WalkerCase<Float64Array> => ({
      name,
      make: async (groups, seed) => ({
        walkers: lift(kernelByName(name, realOptions(name)) as never).walkers(bowl as never, {
          groups,
          streams: streamsOf(seed),
        }) as never,
        streams: streamsOf(seed) as never,
      }),
      energy: (state) => bowl.energy(state),
      state: (number) => Float64Array.of(number / 7, -number / 5),
      inverseTemperatures: [1, 2],
    }),
  );

describe.each([...spinCases, ...realCases])("walkers of $name", (kernel) => {
  test.each(Object.keys(walkerChecks))("%s", (name) => walkerChecks[name](kernel as WalkerCase<unknown>));
});

/** Walkers that do one thing wrong, and the check that must see it. */
const broken: [string, string, (walkers: Walkers<Int8Array>) => Partial<Walkers<Int8Array>>][] = [
  [
    "whose energies are of the last step but one",
    "report the energies",
    (own) => {
      let last = own.energies(new Float64Array(own.count));
      return {
        energies: (out) => {
          out.set(last);
          last = own.energies(new Float64Array(own.count));
          return out;
        },
      };
    },
  ],
  [
    "that hand out what they hold",
    "write what they read",
    (own) => {
      const live = new Map<number, Int8Array>();
      return {
        read: (w, out) => {
          const state = live.get(w) ?? new Int8Array(4);
          live.set(w, state);
          return own.read(w, out ?? state);
        },
      };
    },
  ],
  [
    "that step all groups at one β",
    "own β",
    (own) => ({
      step: (steps, betas, group) => own.step(steps, typeof betas === "number" ? betas : betas[0], group),
    }),
  ],
  ["that do not exchange", "exchange whole groups", () => ({ exchange: () => {} })],
  [
    "that forget their streams",
    "same bits from what was saved",
    (own) => ({
      restore: ({ bytes, numbers }) =>
        own.restore({ bytes, numbers: numbers.map((n, k) => (k > 3 ? n ^ 1 : n) >>> 0) }),
    }),
  ],
  ["that start somewhere else", "start anew", (own) => ({ start: () => own.start(streamsOf(99)) })],
  [
    "that are 30 % too cold",
    "Boltzmann's law",
    (own) => ({
      step: (steps, betas, group) => own.step(steps, 1.3 * (betas as number), group),
    }),
  ],
];

describe("the checks", () => {
  test.each(broken)("fail on walkers %s", async (_, part, change) => {
    const kernel = spinCase("broken", async (seed, groups) => {
      const own = await lifted("metropolis")(seed, groups);
      const { count, group, can } = own;
      const whole: Walkers<Int8Array> = {
        ...{ count, group, can },
        start: (streams: (group: number) => Rng, initial) => own.start(streams, initial),
        step: (steps, betas, only) => own.step(steps, betas, only),
        energies: (out, only) => own.energies(out, only),
        read: (w, out) => own.read(w, out),
        write: (w, state) => own.write(w, state),
        exchange: (a, b, chosen) => own.exchange(a, b, chosen),
        save: () => own.save(),
        restore: (saved) => own.restore(saved),
        dispose: () => own.dispose(),
      };
      return { ...whole, ...change(own) };
    });
    const name = Object.keys(walkerChecks).find((each) => each.includes(part)) as string;
    await expect(walkerChecks[name](kernel)).rejects.toThrow();
  });
});
