import { checkOptions } from "@basin/energy-core/internal";
import { gpuDevice } from "@basin/energy-core/webgpu";
import type { WalkerKernel, Walkers } from "@basin/samplers";
import { orderOf } from "../potts/order.ts";
import type { PottsEnergy } from "../potts/potts.ts";
import type { SweepRule } from "../sweep/rules.ts";
import type { StartName } from "../sweep/start.ts";
import { type DeviceModel, DeviceWalkers, type OrderMoves } from "./device-walkers.ts";
import type { DeviceReport } from "./engine.ts";
import { checkGroups, type GpuOptions, resolveGpuOptions } from "./gpu.ts";
import { gpuEngine } from "./gpu-engine.ts";
import { labelSigns, type PottsPlan, packLabels, pottsPlanOf, unpackLabels } from "./potts-plan.ts";
import { pottsTwin } from "./potts-twin.ts";
import { writeWeights } from "./potts-weights.ts";
import type { DeviceProgram } from "./program.ts";
import { pottsProgram, wordsOfWeights } from "./wgsl-potts.ts";

/** Labels on a device. */
export type GpuPottsWalkers = Walkers<Uint8Array, OrderMoves<"orderParameters">> & DeviceReport;

/**
 * Returns single-site dynamics of Potts models on a GPU, by WebGPU: a byte a label, all sites of a color at once,
 * groups side by side. It takes models of square, triangular, honeycomb and cubic tori with couplings of one size and
 * any signs and one field; sides are even. A step is a sweep. A heat bath draws label a with probability ∝ exp(β (Σ_j
 * J_ij δ(s_j, a) + h_a)); Metropolis proposes another label, accepts it with probability (1 − 1/64) min(1, exp(−βΔE)).
 * Probabilities are right to q/2³¹. A seed gives other bits than on the CPU, and the same on every device. Answers come
 * late, as those of {@link gpu} do; the last array of `record` takes the order parameters that `simulatePotts` defines.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { createModel, potts } from "@basin/ising";
 * import { gpuPotts } from "@basin/ising/webgpu";
 *
 * // The twin needs no device; leave `kernel` out where there is one.
 * const streams = (group: number) => createRng(1).split(group);
 * const model = potts(createModel("square", 16), { states: 3 });
 * const walkers = await gpuPotts({ rule: "heat-bath", kernel: "typescript" }).walkers(model, { streams });
 * walkers.step(20, 1.2);
 * await walkers.can.fetch();
 * console.log(walkers.energies(new Float64Array(1)));
 * walkers.dispose();
 * ```
 *
 * @throws {CapabilityError} for other models, and where no device is.
 * @throws {CostError} for more than the device holds.
 */
export function gpuPotts(options: GpuOptions = {}): WalkerKernel<PottsEnergy, Uint8Array, GpuPottsWalkers> {
  const { rule, start, device, kernel } = resolveGpuOptions("gpuPotts", options);
  return {
    name: rule,
    group: 1,
    async walkers(model, places) {
      checkOptions("walkers", places, "groups streams initial");
      const groups = checkGroups(places.groups);
      const plan = pottsPlanOf(model);
      const engine =
        kernel === "typescript"
          ? pottsTwin(model, plan, rule, groups)
          : await gpuEngine(device ?? (await gpuDevice()).device, pottsProgramOf(model, plan, rule), groups);
      const own = { kernel, groups, order: "orderParameters" } as const;
      const walkers = new DeviceWalkers(deviceModel(model, plan, start), engine, own);
      walkers.start(places.streams, places.initial);
      return walkers;
    },
  };
}

/** Returns what a device runs for a Potts model. */
function pottsProgramOf(model: PottsEnergy, plan: PottsPlan, rule: SweepRule): DeviceProgram {
  return pottsProgram(plan, rule, plan.glass ? [labelSigns(plan, model)] : []);
}

function deviceModel(model: PottsEnergy, plan: PottsPlan, start: StartName): DeviceModel<Uint8Array> {
  const { variables, states, offset, space } = model;
  const { field, strength, glass, z } = plan;
  const bonds = (variables * z) / 2;
  return {
    ...{ variables, bands: plan.bands },
    words: plan.neighbors.length * plan.words,
    thresholds: wordsOfWeights(plan),
    sums: 1 + states,
    check: (labels) => space.check(labels, "state"),
    pack: (labels) => packLabels(plan, labels),
    unpack: (words, out = new Uint8Array(variables)) => unpackLabels(plan, words, out),
    start: (rng) => packLabels(plan, start === "random" ? space.random(rng) : new Uint8Array(variables)),
    temper: (beta, out) => writeWeights(plan, beta, out),
    measured: ([equal, ...counts]) => {
      let energy = offset - strength * (glass ? equal - bonds : equal);
      for (const [a, h] of field.entries()) energy -= h * counts[a];
      return [energy, orderOf(counts, variables)];
    },
  };
}
