import type { Rng } from "@basin/energy-core/random";
import * as tf from "@tensorflow/tfjs";
import type { JointModel } from "../model/contract.ts";
import { energyNet } from "../model/joint-energy.ts";
import { contrastive } from "../objectives/contrastive.ts";
import { fit } from "../objectives/fit.ts";
import { persistentNegatives } from "../objectives/negatives.ts";
import type { Objective } from "../objectives/objective.ts";
import { denoisingScoreMatching, slicedScoreMatching } from "../objectives/score-matching.ts";
import { rings, twoMoons } from "../toys/arcs.ts";
import {
  gridDivergence,
  gridEnergies,
  gridLogPartition,
  gridSamples,
  squareGrid,
  toyEnergies,
} from "../toys/grid.ts";
import { gaussianRing } from "../toys/mixture.ts";
import { drawToy, type Toy } from "../toys/toy.ts";
import type { Cell, ProblemName } from "./cells.ts";
import type { Measures } from "./measures.ts";
import { planeNet } from "./nets.ts";
import { boxPartition } from "./partition.ts";

/** A toy with the step size that suits its narrowest part. */
interface Plane {
  readonly toy: Toy;
  readonly stepSize: number;
  readonly noise: number;
}

const PLANES: Partial<Record<ProblemName, () => Plane>> = {
  "two moons": () => ({ toy: twoMoons(), stepSize: 0.002, noise: 0.05 }),
  rings: () => ({ toy: rings(), stepSize: 0.002, noise: 0.05 }),
  mixture: () => ({ toy: gaussianRing(), stepSize: 0.01, noise: 0.1 }),
};

const BATCH = 256;
const BASE_SCALE = 2;

/**
 * Returns how close an unconditional net comes to a toy: `kl`, KL(truth‖model) on a grid of 200 × 200; `logPartition`,
 * its log Z on that grid; `forward` and `reverse`, annealed importance sampling's estimates of it, with the larger of
 * their standard errors; and `held`, 1 if the bracket (with three standard errors at either end) contains the value of
 * the grid.
 *
 * @throws {DivergenceError} when the run diverges.
 */
export async function densityMeasures(cell: Cell): Promise<Measures> {
  const plane = PLANES[cell.problem];
  if (plane === undefined) throw new TypeError(`"${cell.problem}" has no density on the plane`);
  const { toy, stepSize, noise } = plane();
  const energy = energyNet(planeNet({ seed: cell.seed, outputs: 1, reads: "energy", baseScale: BASE_SCALE }));
  const [objective, learningRate] = objectiveOf(cell, energy, stepSize, noise);
  const { seed, updates } = cell;
  try {
    await fit(
      energy.variables,
      (rng) => ({ x: tf.tensor2d(drawToy(toy, rng, BATCH).inputs, [BATCH, 2]) }),
      objective,
      { seed, updates, learningRate },
    );
    return await againstGrid(energy, toy, seed);
  } finally {
    tf.dispose(energy.variables as tf.Variable[]);
  }
}

function objectiveOf(
  { method, steps }: Cell,
  energy: JointModel,
  stepSize: number,
  noise: number,
): [Objective, number] {
  if (method === "denoising") return [denoisingScoreMatching(energy, { noise }), 3e-3];
  if (method === "sliced") return [slicedScoreMatching(energy), 3e-3];
  const fresh = (rng: Rng, out: Float32Array) => {
    for (let i = 0; i < out.length; i++) out[i] = BASE_SCALE * rng.normal();
  };
  const negatives = persistentNegatives({
    steps,
    stepSize,
    chains: BATCH,
    restartProbability: 0,
    jumpScale: BASE_SCALE,
    fresh,
  });
  return [contrastive(energy, { negatives }), 5e-3];
}

async function againstGrid(energy: JointModel, toy: Toy, seed: number): Promise<Measures> {
  const grid = squareGrid(toy.box);
  const energies = gridEnergies(energy, grid);
  const logPartition = gridLogPartition(energies, grid);
  const { forward, reverse, bracket } = await boxPartition(energy, {
    seed,
    box: toy.box,
    final: (rng, count) => gridSamples(energies, grid, rng, count),
  });
  return {
    kl: gridDivergence(toyEnergies(toy, grid), energies, grid),
    logPartition,
    forward: forward.mean,
    reverse: reverse.mean,
    standardError: Math.max(forward.standardError, reverse.standardError),
    held: bracket[0] <= logPartition && logPartition <= bracket[1] ? 1 : 0,
  };
}
