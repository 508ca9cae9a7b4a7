import type { Energy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { swendsenWang, wolff } from "@basin/ising";
import { blockGibbs } from "@basin/ising/learn";
import {
  estimateMean,
  type Kernel,
  type KernelName,
  kernelByName,
  lift,
  type StateArray,
  sample,
  series,
} from "@basin/samplers";
import { samplerNames } from "@basin/samplers/names";
import { assertMean, assertStationary, boltzmann, type ForkingRng, transitionMatrix } from "@basin/testing";
import { expect } from "vitest";
import { overReals, someStates, statesOf } from "./checks.ts";
import type { EnergyCase } from "./energies.ts";

/** A row of the table: a kernel with what it needs of an energy. */
export interface KernelRow {
  readonly name: string;
  readonly kernel: Kernel<never, StateArray>;
  /** The same, with steps that take little time. */
  readonly quick?: Kernel<never, StateArray>;
  admits<X>(energy: Energy<X>): boolean;
  /** β that it is checked at. */
  readonly inverseTemperature: number;
  /** Whether exp(−βE) is what it keeps, rather than nearly so. */
  readonly exact: boolean;
  /** What a refusal names. Default the name of the kernel. */
  readonly refusal?: RegExp;
}

type Admits = KernelRow["admits"];
const real: Admits = ({ space }) => overReals(space);
const differentiable: Admits = ({ can }) => can.gradient !== undefined;
const movable: Admits = ({ can, space }) => can.moves !== undefined && space.moves !== undefined;
const sited: Admits = (energy) => movable(energy) && energy.space.moves?.sites !== undefined;
const twoValued: Admits = (energy) => sited(energy) && energy.space.moves?.sites?.values.length === 2;

/**
 * What each kernel by name needs, with which options its steps have few branches, and with which they take little time.
 */
const needs: Readonly<Record<KernelName, readonly [admits: Admits, options?: object, quick?: object]>> = {
  nuts: [differentiable],
  walnuts: [differentiable, { maxTreeDepth: 6 }, { maxTreeDepth: 3 }],
  hmc: [differentiable],
  mala: [differentiable],
  "random-walk": [real],
  slice: [real],
  "elliptical-slice": [real],
  ula: [differentiable, { stepSize: 0.05 }],
  sgld: [differentiable, { stepSize: 0.05 }],
  metropolis: [movable, { visits: 1 }],
  "heat-bath": [sited, { visits: 1 }],
  gibbs: [sited],
  "gibbs-with-gradients": [movable],
  "discrete-langevin": [twoValued],
};

const unadjusted: readonly KernelName[] = ["ula", "sgld"];

const named = samplerNames.kernel.map((name): KernelRow => {
  const [admits, options, quick] = needs[name];
  const exact = !unadjusted.includes(name);
  const kernel = kernelByName(name, options);
  return { name, kernel, quick: quick && kernelByName(name, quick), admits, inverseTemperature: 0.8, exact };
});

/** A capability that Basin does not know, of which one kernel makes use. */
const has =
  (key: string): Admits =>
  ({ can }) =>
    key in can;
const attractive: Admits = ({ can }) =>
  "bonds" in can && (can.bonds as { couplings: Float64Array }).couplings.every((J) => J >= 0);

/** The table of kernels: those by name, and those that follow a capability of one family. */
export const kernels: readonly KernelRow[] = [
  ...named,
  {
    name: "wolff",
    refusal: /^(CapabilityError|ArgumentError): .*wolff/,
    kernel: wolff() as unknown as Kernel<never, StateArray>,
    admits: attractive,
    inverseTemperature: 0.8,
    exact: true,
  },
  {
    name: "swendsen-wang",
    refusal: /^(CapabilityError|ArgumentError): .*swendsen-wang/,
    kernel: swendsenWang() as unknown as Kernel<never, StateArray>,
    admits: attractive,
    inverseTemperature: 0.8,
    exact: true,
  },
  {
    name: "block Gibbs",
    kernel: blockGibbs() as unknown as Kernel<never, StateArray>,
    admits: has("layers"),
    inverseTemperature: 1,
    exact: true,
  },
];

/** The rows of the table hold states of every kind; a kernel over fewer refuses the others when it is bound. */
export const bind = <X>({ kernel }: Pick<KernelRow, "kernel">, energy: Energy<X>) =>
  (kernel as unknown as Kernel<Energy<X>, X>).bind(energy);

/** Throws unless exp(−βE) is stationary under a step, to 1e-8, by the exact matrix of the real code. */
export function keepsLaw<X>(row: KernelRow, energy: Energy<X>): void {
  const states = statesOf(energy)?.filter((x) => energy.energy(x) < Infinity);
  if (states === undefined) throw new Error("the states are not finite");
  const bound = bind(row, energy);
  const matrix = transitionMatrix(states, (state, rng: ForkingRng) => {
    const chain = bound.init(state);
    bound.step(rng as never, chain, row.inverseTemperature);
    return chain.position;
  });
  assertStationary(
    matrix,
    boltzmann(
      states.map((x) => energy.energy(x)),
      row.inverseTemperature,
    ),
  );
}

/** Throws unless steps keep states legal and their energies right, and go on to the bit from what was saved. */
export function goesOn<X>(row: KernelRow, given: EnergyCase<X>): void {
  // Walkers are over arrays, and so are the states of every energy that a kernel admits.
  const { energy, tolerance } = given as unknown as EnergyCase<StateArray>;
  const starts = someStates(given, 40).filter(
    (x) => given.energy.energy(x) < Infinity,
  ) as unknown as StateArray[];
  const make = (seed: number) =>
    lift((row.quick ?? row.kernel) as Kernel<Energy<StateArray, object>, StateArray>).walkers(energy, {
      groups: 2,
      streams: (group) => createRng(seed).split(group),
      initial: (_, walker) => starts[walker],
    });
  const [one, other] = [make(1), make(2)];
  const read = (walkers: typeof one) => [0, 1].map((w) => walkers.read(w));
  one.step(4, row.inverseTemperature);
  other.step(2, row.inverseTemperature);
  other.restore(structuredClone(one.save()));
  for (const walkers of [one, other]) walkers.step(6, row.inverseTemperature);
  expect(read(other)).toEqual(read(one));
  const kept = one.energies(new Float64Array(2));
  for (const [w, x] of read(one).entries()) {
    energy.space.check(x);
    // Its energy is the estimate that the last step was made with.
    if (row.name === "sgld") continue;
    expect(Math.abs(kept[w] - energy.energy(x))).toBeLessThan(
      10 * tolerance * Math.max(1, Math.abs(kept[w])),
    );
  }
}

/** Throws unless the mean of the first coordinate of draws is `truth` within its error. */
export async function drawsMean(
  row: KernelRow,
  energy: Energy<Float64Array>,
  truth: number,
  { draws = 4000, comparisons = 16 } = {},
): Promise<void> {
  const chains = await sample(energy, row.kernel as unknown as Kernel<Energy<Float64Array>, Float64Array>, {
    draws,
    warmup: 500,
    chains: 2,
    seed: 8,
  });
  assertMean(estimateMean(series(chains, 0)), truth, { comparisons, what: `⟨x₀⟩ by ${row.name}` });
}
