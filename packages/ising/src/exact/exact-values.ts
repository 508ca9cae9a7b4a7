import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { kaufman } from "./kaufman.ts";
import { onsager } from "./onsager.ts";

/** What is known exactly about a model; fields are absent where nothing is. */
export interface ExactValues {
  /** Spontaneous magnetization of the infinite lattice (Onsager, Yang): what |m| of a large one tends to below T_c. */
  readonly magnetization?: number;
  /** ⟨H⟩/N of this very torus (Kaufman). */
  readonly energyPerSpin?: number;
  /** c of this very torus (Kaufman). */
  readonly specificHeat?: number;
  /** T_c of the infinite lattice. */
  readonly criticalTemperature?: number;
}

/** Returns the exact values of a square torus without a field; an empty object for other models. */
export function exactValues(model: SpinProblem, inverseTemperature: number): ExactValues {
  if (!(model instanceof Lattice) || model.lattice !== "square" || model.field !== 0) return {};
  const strength = Math.abs(model.coupling);
  if (strength === 0 || model.boundary !== "periodic") return {};
  const [rows, columns] = model.shape;
  const frustrated = model.coupling < 0 && (rows % 2 === 1 || columns % 2 === 1);
  const criticalTemperature = strength * onsager.criticalTemperature;
  const temperature = 1 / (inverseTemperature * strength);
  // An antiferromagnet has no net magnetization, and on odd rings no ferromagnetic twin.
  const magnetization = model.coupling > 0 ? onsager.magnetization(Math.min(temperature, 1e300)) : 0;
  if (frustrated) return { criticalTemperature };
  if (temperature === 0) {
    return { magnetization, energyPerSpin: -2 * strength, specificHeat: 0, criticalTemperature };
  }
  const { energyPerSpin, specificHeatPerSite } = kaufman(rows, columns, temperature);
  return {
    magnetization,
    energyPerSpin: strength * energyPerSpin,
    specificHeat: specificHeatPerSite,
    criticalTemperature,
  };
}
