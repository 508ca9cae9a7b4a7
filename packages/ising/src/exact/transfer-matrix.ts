import { CapabilityError, CostError, checkNumber, type Edge } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { geometries } from "../lattice/geometries.ts";
import type { Lattice } from "../lattice/lattice.ts";
import { addJets, emptyJets, type Jet, type JetArray, multiplyJets, normalizeJets, ZERO } from "./jet.ts";

/** Exact averages of a strip, per spin. */
export interface StripThermodynamics {
  /** ln Z; infinite for a strip that never ends. */
  readonly logPartition: number;
  /** ln Z / N. The free energy per spin is −T times it. */
  readonly logPartitionPerSite: number;
  /** ⟨H⟩ / N. */
  readonly energyPerSite: number;
  /** β² (⟨H²⟩ − ⟨H⟩²) / N. */
  readonly specificHeat: number;
  /** ⟨M⟩ / N: 0 without a field. */
  readonly magnetization: number;
  /** β (⟨M²⟩ − ⟨M⟩²) / N. */
  readonly susceptibility: number;
}

/** How {@link transferMatrix} works. */
export interface TransferMatrixOptions {
  /** T, above 0; +∞ is allowed. */
  temperature: number;
  /** Whether the lattice's rows repeat for ever. Default false: the lattice as it is. */
  infinite?: boolean;
}

const WIDEST = 10;
const WIDEST_RING = 8;
const MOST_WORK = 4e10;
const MOST_ROWS = 20_000;

/** The energies of one row of spins: its own part, and that of its bonds to the next row. */
interface Row {
  readonly within: readonly Edge[];
  readonly across: readonly Edge[];
  readonly fields: Float64Array;
}

/**
 * Returns the exact thermodynamics of a chain, or of a strip of a square, triangular or honeycomb lattice, by transfer
 * matrices (Kramers & Wannier 1941): Z is the trace of a product of one matrix per row, or the sum of its entries with
 * open ends. It takes any couplings, fields and boundary. Derivatives by β and by a uniform field are computed exactly,
 * not by differences.
 *
 * @param lattice rows of up to 10 spins, or up to 8 for a periodic length; `infinite` lattices do not close.
 *
 * @example
 * ```ts
 * import { createModel, kaufman, transferMatrix } from "@basin/ising";
 *
 * console.log(transferMatrix(createModel("square", [6, 4]), { temperature: 2 }).logPartition, kaufman(6, 4, 2).logPartition);
 * console.log(transferMatrix(createModel("square", 6, { field: 0.1 }), { temperature: 2, infinite: true }).magnetization);
 * ```
 *
 * @throws {CapabilityError} for a cubic lattice.
 * @throws {CostError} for rows that are too wide or too much work.
 */
export function transferMatrix(lattice: Lattice, options: TransferMatrixOptions): StripThermodynamics {
  checkOptions("transferMatrix", options, "temperature infinite");
  const { temperature, infinite = false } = options;
  if (temperature !== Number.POSITIVE_INFINITY) checkNumber("temperature", temperature, { above: 0 });
  const beta = 1 / temperature;
  const width = lattice.lattice === "chain" ? 1 : lattice.shape[1];
  const length = lattice.shape[0];
  checkWork(lattice, width, length, infinite);
  const rows = rowsOf(lattice, width);
  const [thermal, magnetic] = (["beta", "field"] as const).map((parameter) => {
    const matrices = rows.map((row) => matrixOf(row, width, beta, parameter));
    if (infinite) return growth(matrices, 2 ** width);
    if (lattice.boundary === "periodic") return ring(matrices, length, 2 ** width);
    const last = { ...rows[(length - 1) % rows.length], across: [] };
    return line(matrices, matrixOf(last, width, beta, parameter), length, 2 ** width);
  });
  const sites = infinite ? rows.length * width : lattice.variables;
  return {
    logPartition: infinite ? Number.POSITIVE_INFINITY : thermal.value,
    logPartitionPerSite: thermal.value / sites,
    energyPerSite: -thermal.slope / sites,
    specificHeat: (beta * beta * thermal.curve) / sites,
    // The parameter is βh.
    magnetization: magnetic.slope / sites,
    susceptibility: (beta * magnetic.curve) / sites,
  };
}

function checkWork(lattice: Lattice, width: number, length: number, infinite: boolean): void {
  if (lattice.shape.length > 2)
    throw new CapabilityError(
      `transfer matrices are for chains and planar lattices with one site a cell, not for a ${lattice.lattice} one`,
    );
  const alike = lattice.disorder === "none" && lattice.field !== undefined;
  if (infinite && !alike && lattice.boundary === "open")
    throw new CapabilityError(
      "an open lattice whose rows differ has no bonds from its last row to a repetition",
    );
  const closed = lattice.boundary === "periodic" && !infinite;
  const widest = closed ? WIDEST_RING : WIDEST;
  if (width > widest)
    throw new CostError(`rows of ${width} spins are too wide for transfer matrices: at most ${widest} here`);
  const products = closed && alike ? 60 : alike ? Math.min(length, MOST_ROWS) : length;
  const work = products * 6 * 2 ** (width * (closed ? 3 : 2));
  if (work > MOST_WORK)
    throw new CostError(
      `${length} rows of ${width} spins take ${work} operations, more than the ${MOST_WORK} planned for`,
    );
}

/** Sorts the bonds by row; lattices whose rows are alike give as many as differ. */
function rowsOf(lattice: Lattice, width: number): Row[] {
  const length = lattice.shape[0];
  const alike = lattice.disorder === "none" && lattice.field !== undefined;
  const period = Math.min(length, lattice.lattice === "honeycomb" ? 2 : 1);
  const count = alike ? period : length;
  const rows = Array.from(
    { length: count },
    (_, y): { within: Edge[]; across: Edge[]; fields: Float64Array } => ({
      within: [],
      across: [],
      fields: alike
        ? new Float64Array(width).fill(lattice.field ?? 0)
        : lattice.fields.slice(y * width, (y + 1) * width),
    }),
  );
  const { steps } = geometries[lattice.lattice];
  for (const { edge, step } of lattice.bonds()) {
    const y = Math.floor(edge[0] / width);
    // The first rows of a long uniform strip stand for all of them.
    if (y >= count) break;
    const own: Edge = [edge[0] % width, edge[1] % width, edge[2]];
    const next = lattice.lattice === "chain" || steps[step][0] === 1;
    (next ? rows[y].across : rows[y].within).push(own);
  }
  return rows;
}

/** exp(−βE) for each pair of a row (index) and the next (column), with derivatives in β or in βh. */
function matrixOf(row: Row, width: number, beta: number, parameter: "beta" | "field"): JetArray {
  const n = 2 ** width;
  const out = emptyJets(n * n);
  const spin = (code: number, i: number) => ((code >> i) & 1 ? 1 : -1);
  const energies = new Float64Array(n * n);
  let lowest = Number.POSITIVE_INFINITY;
  for (let a = 0; a < n; a++) {
    let own = 0;
    for (const [i, j, J] of row.within) own -= J * spin(a, i) * spin(a, j);
    for (let i = 0; i < width; i++) own -= row.fields[i] * spin(a, i);
    for (let b = 0; b < n; b++) {
      let energy = own;
      for (const [i, j, J] of row.across) energy -= J * spin(a, i) * spin(b, j);
      energies[a * n + b] = energy;
      lowest = Math.min(lowest, energy);
    }
  }
  for (let a = 0; a < n; a++) {
    let m = 0;
    for (let i = 0; i < width; i++) m += spin(a, i);
    for (let b = 0; b < n; b++) {
      const k = a * n + b;
      const above = energies[k] - lowest;
      const rate = parameter === "beta" ? -above : m;
      out.value[k] = Math.exp(-beta * above);
      out.slope[k] = rate * out.value[k];
      out.curve[k] = rate * rate * out.value[k];
    }
  }
  out.log = { value: -beta * lowest, slope: parameter === "beta" ? -lowest : 0, curve: 0 };
  return out;
}

/** ln of the trace of the product over all rows. */
function ring(matrices: readonly JetArray[], length: number, n: number): Jet {
  let cell = normalizeJets(copy(matrices[0]), n + 1);
  for (const matrix of matrices.slice(1)) cell = multiplyJets(cell, matrix, n);
  let power: JetArray | undefined;
  for (let left = length / matrices.length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = power === undefined ? cell : multiplyJets(power, cell, n);
    if (left > 1) cell = multiplyJets(cell, cell, n);
  }
  // Normalized by its trace.
  return power?.log ?? ZERO;
}

function copy(matrix: JetArray): JetArray {
  const { value, slope, curve, log } = matrix;
  return { value: value.slice(), slope: slope.slice(), curve: curve.slice(), log };
}

/**
 * ln of the sum over all rows' spins; the last row has no next one, so that its matrix does not depend on the column.
 */
function line(matrices: readonly JetArray[], last: JetArray, length: number, n: number): Jet {
  let vector = emptyJets(n);
  vector.value[0] = 1;
  vector = multiplyJets(last, vector, n);
  for (let y = length - 2; y >= 0; y--) vector = multiplyJets(matrices[y % matrices.length], vector, n);
  return vector.log;
}

/** ln of the largest eigenvalue of the product of the matrices: what a cell adds to ln Z far from the ends. */
function growth(matrices: readonly JetArray[], n: number): Jet {
  let vector = emptyJets(n);
  vector.value.fill(1);
  vector = normalizeJets(vector, 1);
  let last: Jet = { value: Number.NaN, slope: 0, curve: 0 };
  for (let cell = 0; cell < MOST_ROWS; cell++) {
    const before = vector.log;
    for (let y = matrices.length - 1; y >= 0; y--) vector = multiplyJets(matrices[y], vector, n);
    const gain = addJets(vector.log, { value: -before.value, slope: -before.slope, curve: -before.curve });
    // Sums of logarithms lose digits; starting each cell from zero does not.
    vector.log = ZERO;
    if (still(gain, last)) return gain;
    last = gain;
  }
  throw new CostError(
    `the infinite strip did not settle in ${MOST_ROWS} rows: the temperature is too low for its width`,
  );
}

function still(a: Jet, b: Jet): boolean {
  const near = (x: number, y: number) => Math.abs(x - y) <= 1e-13 * (1 + Math.abs(x));
  return near(a.value, b.value) && near(a.slope, b.slope) && near(a.curve, b.curve);
}
