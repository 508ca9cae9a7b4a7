import type { Rng } from "@basin/energy-core/random";
import { exp, log } from "@basin/energy-core/random";
import type { KernelOption } from "@basin/energy-core/wasm";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { localFields } from "../problem/spin-problem.ts";
import { sweep } from "./scalar.ts";
import { createLadder } from "./tempering/ladder.ts";

/** β at which the pilot run measures, and the states of one in double precision. */
const POINTS = 24;
const STATES = 16;
/** Least share of the largest spread, so that frozen temperatures get sweeps too. */
const FLOOR = 0.05;

/**
 * Returns β of every sweep for annealing at constant thermodynamic speed (Salamon & Berry 1983): dβ/dt ∝ 1/σ_E(β), σ_E the spread of the
 * energies among replicas in a pilot run of an eighth of the sweeps. More sweeps go where the energy changes most.
 */
export async function adaptiveInverseTemperatures(
  problem: SpinProblem,
  [hot, cold]: readonly [hot: number, cold: number],
  sweeps: number,
  rng: Rng,
  kernel: KernelOption | undefined,
): Promise<Float64Array> {
  const ratio = log(cold / hot) / (POINTS - 1);
  const grid = Float64Array.from({ length: POINTS }, (_, k) => hot * exp(ratio * k));
  grid[POINTS - 1] = cold;
  const each = Math.max(2, Math.min(1000, Math.ceil(sweeps / (8 * POINTS))));
  const spreads = await measureSpreads(problem, grid, each, rng, kernel);
  const floor = FLOOR * Math.max(...spreads);
  const length = new Float64Array(POINTS);
  for (let k = 1; k < POINTS; k++) {
    const spread = (Math.max(floor, spreads[k - 1]) + Math.max(floor, spreads[k])) / 2;
    length[k] = length[k - 1] + (floor > 0 ? spread : 1) * (grid[k] - grid[k - 1]);
  }
  const betas = new Float64Array(sweeps);
  for (let s = 0, k = 0; s < sweeps; s++) {
    const aim = sweeps === 1 ? length[POINTS - 1] : (length[POINTS - 1] * s) / (sweeps - 1);
    while (k < POINTS - 2 && length[k + 1] < aim) k++;
    const share = length[k + 1] > length[k] ? (aim - length[k]) / (length[k + 1] - length[k]) : 0;
    betas[s] = grid[k] + Math.min(1, share) * (grid[k + 1] - grid[k]);
  }
  betas[sweeps - 1] = cold;
  return betas;
}

async function measureSpreads(
  problem: SpinProblem,
  grid: Float64Array,
  sweeps: number,
  rng: Rng,
  kernel: KernelOption | undefined,
): Promise<number[]> {
  const ladder = await createLadder(problem, 1, grid[grid.length - 1], kernel);
  if (ladder !== undefined) {
    ladder.start(0, rng);
    return Array.from(grid, (beta) => spreadOf(ladder.visit(0, beta, sweeps)));
  }
  const states = Array.from({ length: STATES }, () =>
    Int8Array.from({ length: problem.variables }, () => (rng.bernoulli(0.5) ? 1 : -1)),
  );
  const locals = states.map((state) => localFields(problem, state));
  return Array.from(grid, (beta) => {
    for (const [r, state] of states.entries()) {
      for (let s = 0; s < sweeps; s++) sweep(problem, state, locals[r], beta, rng);
    }
    return spreadOf(Float64Array.from(states, (state) => problem.energy(state)));
  });
}

function spreadOf(energies: Float64Array): number {
  const mean = energies.reduce((sum, energy) => sum + energy / energies.length, 0);
  const square = energies.reduce((sum, energy) => sum + (energy - mean) ** 2 / energies.length, 0);
  return Math.sqrt(square);
}
