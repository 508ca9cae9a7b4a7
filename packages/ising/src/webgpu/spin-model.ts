import type { Lattice } from "../lattice/lattice.ts";
import { flipProbability, type SweepRule, threshold } from "../sweep/rules.ts";
import { isStaggered, type StartName } from "../sweep/start.ts";
import type { DeviceModel } from "./device-walkers.ts";
import { classesOf, type Plan } from "./plan.ts";
import { pack, unpack } from "./twin.ts";

/** Returns what walkers on a device know of a lattice of spins. */
export function spinModel(
  lattice: Lattice,
  plan: Plan,
  rule: SweepRule,
  start: StartName,
): DeviceModel<Int8Array> {
  const { variables, field = 0 } = lattice;
  const { size, bits, bands, z } = plan;
  const words = plan.neighbors.length * size;
  const strength = Math.abs(lattice.directions[0]);
  const { counts, signs } = classesOf(z, rule, field);
  const each = counts * signs;
  return {
    ...{ variables, words, bands },
    thresholds: 2 * each,
    sums: 2,
    check: (spins) => lattice.space.check(spins, "state"),
    pack: (spins) => pack(plan, spins),
    unpack: (from, out = new Int8Array(variables)) => unpack(plan, from, out),
    // Not by way of an array of spins, which would take eight times the memory of a large lattice.
    start: (rng) => {
      const used = bits === 32 ? 0xffffffff : 2 ** bits - 1;
      const drawn = new Uint32Array(words);
      if (start === "random") for (let k = 0; k < words; k++) drawn[k] = rng.uint32() & used;
      else drawn.fill(used, 0, isStaggered(lattice) ? size : words);
      return drawn;
    },
    // For u unsatisfied bonds of z, flipping changes the energy by 2 |J| (z − 2u), and by 2 h σ.
    temper: (beta, out) => {
      for (let c = 0; c < each; c++) {
        const spin = signs === 1 ? 0 : c < counts ? -1 : 1;
        const delta = 2 * strength * (z - 2 * (c % counts)) + 2 * field * spin;
        const probability = flipProbability(rule, delta, beta);
        [out[c], out[each + c]] = probability >= 1 ? [0xffffffff, 0xffffffff] : threshold(probability);
      }
    },
    measured: ([unsatisfied, up]) => {
      const magnetization = 2 * up - variables;
      const exchange = strength * (2 * unsatisfied - (variables * z) / 2);
      return [field === 0 ? exchange : exchange - field * magnetization, magnetization];
    },
  };
}
