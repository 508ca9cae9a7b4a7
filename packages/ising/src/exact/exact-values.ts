import { type Geometry, geometries } from "../lattice/geometries.ts";
import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { kaufman } from "./kaufman.ts";
import { onsager } from "./onsager.ts";
import { transferMatrix } from "./transfer-matrix.ts";

/** What is known exactly about a model; fields are absent where nothing is. */
export interface ExactValues {
  /**
   * Without a field, the spontaneous magnetization of the infinite lattice (Onsager, Yang): the limit of |m| for large
   * lattices below T_c. In a field, ⟨M⟩/N of this chain or strip.
   */
  readonly magnetization?: number;
  /** ⟨H⟩/N of this very torus (Kaufman), chain or strip (transfer matrices). */
  readonly energyPerSite?: number;
  /** c of the same. */
  readonly specificHeat?: number;
  /** T_c of the infinite lattice. */
  readonly criticalTemperature?: number;
}

/** Strips up to this width take milliseconds. */
const NARROW = 4;

/**
 * Returns the exact values of a lattice without disorder and with one field, or an empty object for other models.
 * Sources: Onsager (1949) and Yang (1952) for the magnetization, {@link kaufman} for square tori,
 * {@link transferMatrix} for chains and strips up to 4 wide.
 *
 * @param inverseTemperature β, from 0 to +∞, with k_B = 1.
 *
 * @example
 * ```ts
 * import { createModel, exactValues } from "@basin/ising";
 *
 * const { magnetization, energyPerSite, criticalTemperature } = exactValues(createModel("square", 64), 1 / 2);
 * console.log(magnetization, energyPerSite, criticalTemperature); // 0.9113 −1.7456 2.2692
 * ```
 *
 * @throws {ArgumentError} for a negative β where a value at it is known.
 */
export function exactValues(model: SpinProblem, inverseTemperature: number): ExactValues {
  if (!(model instanceof Lattice)) return {};
  const known = uniform(model, inverseTemperature);
  return known.energyPerSite === undefined ? { ...known, ...strip(model, inverseTemperature) } : known;
}

/** A chain or a narrow strip, in a field or not. */
function strip(model: Lattice, inverseTemperature: number): ExactValues {
  const { lattice, shape, disorder, field } = model;
  const narrow = lattice === "chain" || (shape.length === 2 && shape[1] <= NARROW);
  if (
    !narrow ||
    disorder !== "none" ||
    field === undefined ||
    inverseTemperature === Number.POSITIVE_INFINITY
  )
    return {};
  if (model.boundary === "open" && shape[0] > LONGEST_OPEN) return {};
  const { energyPerSite, specificHeat, magnetization } = transferMatrix(model, {
    temperature: 1 / inverseTemperature,
  });
  return { energyPerSite, specificHeat, ...(field === 0 ? {} : { magnetization }) };
}

const LONGEST_OPEN = 1e5;

/** A lattice with one coupling and no field. */
function uniform(model: Lattice, inverseTemperature: number): ExactValues {
  if (model.field !== 0 || !model.coupling) return {};
  const { lattice, coupling } = model;
  const geometry: Geometry = geometries[lattice];
  const known =
    lattice !== "cubic" && geometry.criticalTemperature !== undefined && (coupling > 0 || geometry.bipartite);
  const critical = known
    ? { criticalTemperature: Math.abs(coupling) * Number(geometry.criticalTemperature) }
    : {};
  if (lattice !== "square" || model.boundary !== "periodic") return critical;
  const temperature = 1 / (inverseTemperature * Math.abs(coupling));
  // An antiferromagnet has no net magnetization.
  const magnetization = coupling > 0 ? onsager.magnetization(Math.min(temperature, Number.MAX_VALUE)) : 0;
  const [rows, columns] = model.shape;
  // On odd rings it has no ferromagnetic twin either.
  if (coupling < 0 && (rows % 2 === 1 || columns % 2 === 1)) return critical;
  return { magnetization, ...torus(rows, columns, temperature, Math.abs(coupling)), ...critical };
}

function torus(rows: number, columns: number, temperature: number, strength: number) {
  if (temperature === 0) return { energyPerSite: -2 * strength, specificHeat: 0 };
  const { energyPerSite, specificHeat } = kaufman(rows, columns, temperature);
  return { energyPerSite: strength * energyPerSite, specificHeat };
}
