import { now } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { DeviceError } from "@basin/energy-core/webgpu";
import { generatorStates } from "../../webgpu/seeds.ts";
import { type GraphEngine, STRETCH } from "./engine.ts";
import { type GraphPlan, rowWords, writeThresholds } from "./plan.ts";

/** Sweeps of a descent between two checks for its end. */
const DESCENT = 8;
/**
 * Milliseconds of work submitted at a time, roughly: short enough for a page to redraw, long enough to keep a device
 * busy.
 */
const LEAST_MS = 20;
const MOST_MS = 100;

/** The states that reads ended in. */
export interface Annealed {
  readonly energies: Float64Array;
  /** Returns the state of a read. @throws {DeviceError} if its energy differs from what the device counted. */
  state(read: number): Int8Array;
  /** Sweeps made, excluding those of the descent. */
  readonly sweeps: number;
}

/** Which replicas of a run are annealed. */
interface Some {
  readonly rng: Rng;
  /** Number of the first word. Default 0. */
  readonly first?: number;
  /** How many of the engine's replicas to use. Default all. */
  readonly count?: number;
}

/**
 * Anneals all replicas of an engine from random spins through the given β, then down to states that no single flip
 * improves. Word w of 32 replicas, counted from `first`, draws from `rng.split(w)`. `goOn` is asked now and then, with
 * the share that is done; if it returns false, the descent begins early.
 */
export async function annealOn(
  engine: GraphEngine,
  plan: GraphPlan,
  inverseTemperatures: Float64Array,
  { rng, first = 0, count = 32 * engine.words }: Some,
  goOn: (share: number) => Promise<boolean>,
): Promise<Annealed> {
  start(engine, plan, rng, first);
  const sweeps = inverseTemperatures.length;
  let ahead = 4;
  let done = 0;
  for (let more = true; more && done < sweeps; ) {
    const begun = now();
    const end = Math.min(sweeps, done + ahead);
    for (let to = done; done < end; done = to) {
      to = Math.min(end, done + STRETCH);
      engine.sweep(thresholdsOf(plan, inverseTemperatures.subarray(done, to)));
    }
    await engine.done();
    const took = now() - begun;
    if (took < LEAST_MS) ahead *= 2;
    else if (took > MOST_MS) ahead = Math.max(1, ahead >> 1);
    more = await goOn(done / sweeps);
  }
  const totals = await descend(engine, plan);
  return { ...readsOf(engine, plan, totals.subarray(0, 2 * count), await engine.spins()), sweeps: done };
}

function start(engine: GraphEngine, plan: GraphPlan, rng: Rng, first: number): void {
  const { words } = engine;
  const { variables } = plan.problem;
  const spins = new Uint32Array(variables * words);
  const generators = new Uint32Array(4 * plan.bands * words);
  for (let w = 0; w < words; w++) {
    const own = rng.split(first + w);
    for (let place = 0; place < variables; place++) spins[place * words + w] = own.uint32();
    const states = generatorStates(own, plan.bands);
    for (let k = 0; k < states.length; k++) generators[4 * ((k >> 2) * words + w) + (k & 3)] = states[k];
  }
  engine.start(spins, generators);
}

function thresholdsOf(plan: GraphPlan, inverseTemperatures: Float64Array): Uint32Array {
  const each = rowWords(plan);
  const rows = new Uint32Array(each * inverseTemperatures.length);
  for (const [s, beta] of inverseTemperatures.entries()) writeThresholds(rows, s * each, plan, beta);
  return rows;
}

/**
 * Sweeps without thresholds, which makes only flips that lower the energy, until none is left. Resolves to the totals.
 *
 * @throws {DeviceError} if a replica with flips left has not lost a unit since the last check. So the descent ends on
 * every device: a replica loses at most the units that it has.
 */
async function descend(engine: GraphEngine, plan: GraphPlan): Promise<Uint32Array> {
  for (let before: Uint32Array | undefined; ; ) {
    engine.sweep(new Uint32Array(DESCENT * rowWords(plan)));
    const totals = await engine.totals();
    let settled = true;
    for (let r = 0; r < totals.length; r += 2) {
      if (totals[r + 1] === 0) continue;
      settled = false;
      if (before !== undefined && totals[r] >= before[r])
        throw new DeviceError(
          `the GPU kept replica ${r / 2} at ${totals[r]} unsatisfied units in ${DESCENT} sweeps, though ${totals[r + 1]} flips would lower them: it does not work as it should`,
        );
    }
    if (settled) return totals;
    before = totals;
  }
}

function readsOf(
  { words }: GraphEngine,
  { problem, unit, order, total }: GraphPlan,
  totals: Uint32Array,
  spins: Uint32Array,
): Omit<Annealed, "sweeps"> {
  const energies = Float64Array.from(
    { length: totals.length / 2 },
    (_, r) => problem.offset + unit * (2 * totals[2 * r] - total),
  );
  return {
    energies,
    state(read) {
      const state = new Int8Array(problem.variables);
      for (const [place, i] of order.entries())
        state[i] = (spins[place * words + (read >> 5)] >>> (read & 31)) & 1 ? 1 : -1;
      const energy = problem.energy(state);
      if (!(Math.abs(energy - energies[read]) < unit))
        throw new DeviceError(
          `the GPU counted an energy of ${energies[read]} where its state has ${energy}: it does not work as it should`,
        );
      return state;
    },
  };
}
