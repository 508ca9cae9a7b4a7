import { createModel, kaufman, onsager, type Simulation, simulate } from "@basin/ising";
import { withError } from "../output.ts";
import { encodeGray, spinPicture } from "../pictures.ts";
import { type Comparison, compare, type Part, type PartResult } from "./part.ts";
import type { Row } from "./report.ts";

const SIZE = 256;
const COLD = 2.0;

/**
 * A 256² magnet: below its transition by Metropolis, at the transition by Wolff clusters, each beside the exact values.
 */
export const magnetPart: Part = {
  id: "magnet",
  label: "a magnet beside its exact solution",
  async run({ quick, seed, progress, signal }) {
    const lattice = createModel("square", SIZE);
    const critical = onsager.criticalTemperature;
    const cold = await simulate(lattice, {
      temperature: COLD,
      algorithm: "metropolis",
      sweeps: quick ? 10_000 : 40_000,
      seed,
      signal,
      onProgress: ({ done, total }) => progress((0.5 * done) / total, "Metropolis at T = 2"),
    });
    const atCritical = await simulate(lattice, {
      temperature: critical,
      algorithm: "wolff",
      sweeps: quick ? 200 : 1_000,
      seed: seed + 1,
      signal,
      onProgress: ({ done, total }) => progress(0.5 + (0.5 * done) / total, "Wolff at T_c"),
    });
    const magnetization = compare(cold.absoluteMagnetization, onsager.magnetization(COLD));
    const coldEnergy = compare(cold.energyPerSite, kaufman(SIZE, SIZE, COLD).energyPerSite);
    const criticalEnergy = compare(atCritical.energyPerSite, kaufman(SIZE, SIZE, critical).energyPerSite);
    return {
      results: {
        latticeSize: SIZE,
        metropolis: {
          temperature: COLD,
          sweeps: cold.sweeps,
          warmupSweeps: cold.warmup,
          absoluteMagnetizationPerSpin: magnetization,
          energyPerSite: coldEnergy,
          autocorrelationTimeSweeps: cold.absoluteMagnetization.autocorrelationTime,
          flipsPerNanosecond: cold.performance.flipsPerNanosecond,
        },
        wolff: {
          temperature: critical,
          sweeps: atCritical.sweeps,
          warmupSweeps: atCritical.warmup,
          energyPerSite: criticalEnergy,
          autocorrelationTimeSweeps: atCritical.energyPerSite.autocorrelationTime,
        },
      },
      section: sectionOf(cold, atCritical, { magnetization, coldEnergy, criticalEnergy }),
    };
  },
};

function sectionOf(
  cold: Simulation,
  atCritical: Simulation,
  {
    magnetization,
    coldEnergy,
    criticalEnergy,
  }: Record<"magnetization" | "coldEnergy" | "criticalEnergy", Comparison>,
): PartResult["section"] {
  return {
    title: "A magnet beside its exact solution",
    lead:
      "Each spin prefers its neighbors' direction. Below T_c = 2.269 a magnet remembers a direction; at T_c it holds islands of every " +
      "size. Lars Onsager and Bruria Kaufman solved this model exactly, so the simulation can be held to the truth.",
    rows: [
      compared("|m| per spin at T = 2 (Metropolis)", magnetization),
      compared("energy per spin at T = 2 (Metropolis)", coldEnergy),
      compared("energy per spin at T_c (Wolff)", criticalEnergy),
      {
        quantity: "attempted flips a nanosecond (Metropolis, one core)",
        measured: cold.performance.flipsPerNanosecond.toFixed(2),
      },
    ],
    figures: [
      picture(cold.spins, "T = 2.0: one direction has won, with small islands of the other."),
      picture(atCritical.spins, "T = T_c: islands of every size."),
    ],
    method:
      `A ${SIZE} × ${SIZE} torus from an ordered start. Errors come from the integrated autocorrelation time; z is (measured − exact) ` +
      "divided by the error.",
    command:
      "pnpm --silent basin ising simulate --lattice square --size 256 --temperature 2.0 --sweeps 4000 --algorithm metropolis --seed 1",
  };
}

function compared(quantity: string, { mean, standardError, exact, z }: Comparison): Row {
  return { quantity, measured: withError({ mean, standardError }), exact: exact.toFixed(6), z };
}

function picture(spins: Int8Array, caption: string) {
  return { caption, png: encodeGray(spinPicture(spins, SIZE)), width: 400, pixelated: true };
}
