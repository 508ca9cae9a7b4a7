import type { HopfieldMemory } from "../classical/memory.ts";
import type { Ended, Settled } from "../classical/recalls.ts";
import type { Settling } from "../recall.ts";

/** Where synchronous recall of one probe ended. */
export type GpuSettling = Pick<Settling, "state" | "energy" | "sweeps" | "converged" | "cycle">;

/** Where a device says that a probe led to. */
export interface Reached {
  /** The state, a bit for each spin. */
  readonly bits: Uint32Array;
  readonly end?: Ended["end"];
  readonly sweeps: number;
}

/** What the host finds about a state. */
type Found = (reached: Reached, maxSweeps: number) => GpuSettling;

/** Sweeps in which the host sees an end. */
const SWEEPS = { "fixed point": 1, cycle: 2 } as const;

/** Returns what the host finds where a device has been, in double precision: each different state is looked at once. */
export function verified(memory: HopfieldMemory, all: readonly Reached[], maxSweeps: number): GpuSettling[] {
  const keyOf = ({ bits, end }: Reached) => `${end} ${bits.join()}`;
  const first = new Map(all.map((reached) => [keyOf(reached), reached]));
  const found = new Map<string, Found>();
  for (const end of ["fixed point", "cycle"] as const) {
    const some = [...first].filter(([, reached]) => reached.end === end);
    if (some.length === 0) continue;
    const states = some.map(([, { bits }]) => unpack(bits, memory.thresholds.length));
    const checks = memory.can.recall(states, { dynamics: "synchronous", maxSweeps: SWEEPS[end] });
    for (const [k, [key]] of some.entries()) found.set(key, confirm(memory, states[k], checks[k]));
  }
  for (const [key, { bits, end }] of first) {
    if (end !== undefined) continue;
    const state = unpack(bits, memory.thresholds.length);
    const energy = memory.energy(state);
    found.set(key, ({ sweeps }) => ({ state, energy, sweeps, converged: false }));
  }
  return all.map((reached) => {
    const own = (found.get(keyOf(reached)) as Found)(reached, maxSweeps);
    return { ...own, state: own.state.slice() };
  });
}

/** Confirms an end that the host's sweeps see as well, or goes on from the state. */
function confirm(memory: HopfieldMemory, state: Int8Array, check: Settled): Found {
  return ({ end, sweeps }, maxSweeps) => {
    const { energy, converged, cycle } = check;
    if (converged ? end === "fixed point" : cycle && end === "cycle")
      return { state, energy, sweeps, converged, ...(cycle && { cycle }) };
    // A last sweep without a turn is made again.
    const made = end === "fixed point" ? sweeps - 1 : sweeps;
    if (made === maxSweeps) return { state, energy: memory.energy(state), sweeps, converged: false };
    const on = memory.recall(state, { dynamics: "synchronous", maxSweeps: maxSweeps - made });
    return {
      ...{ state: on.state, energy: on.energy, sweeps: made + on.sweeps, converged: on.converged },
      ...(on.cycle && { cycle: on.cycle }),
    };
  };
}

function unpack(bits: Uint32Array, neurons: number): Int8Array {
  return Int8Array.from({ length: neurons }, (_, i) => ((bits[i >> 5] >>> (i & 31)) & 1 ? 1 : -1));
}
