import * as tf from "@tensorflow/tfjs";
import { checkEnergy, EnergyValueError } from "../errors.ts";
import { type BatchEnergy, inputGradients } from "./tensor-energy.ts";

/** How long and how closely a batch descends. */
export interface DescentLimits {
  readonly maxIterations: number;
  /** Converged when a projected gradient step moves no coordinate by more than this. */
  readonly tolerance: number;
}

/** Where a batch has come down to. */
export interface BatchMinimum {
  /** `[batch, ...shape]`; the caller disposes of it. */
  readonly states: tf.Tensor;
  readonly energies: Float32Array;
  readonly converged: boolean[];
}

/** Halvings after which a step is within rounding of its state. */
const HALVINGS = 30;

/**
 * Returns local minima by spectral projected gradient (Birgin, Martínez & Raydan 2000, with a monotone Armijo search),
 * with a separate step size for each state of the batch. No state ends above its start by more than rounding.
 *
 * @param project moves each state of a batch to the nearest allowed one.
 */
export async function descendBatch(
  energy: BatchEnergy,
  start: tf.Tensor,
  project: (x: tf.Tensor) => tf.Tensor,
  { maxIterations, tolerance }: DescentLimits,
): Promise<BatchMinimum> {
  const count = start.shape[0];
  let x = tf.tidy(() => project(start.clone()));
  let here = await evaluate(energy, x);
  const outside = here.energies.indexOf(Number.POSITIVE_INFINITY);
  if (outside >= 0) {
    tf.dispose([x, here.gradients]);
    throw new EnergyValueError(
      `the energy of state ${outside} of the batch is +Infinity: descent needs a start inside the support`,
    );
  }
  // No coordinate moves by more than 1 at first: a longer step could leave the basin of its state.
  const [slopes] = await read(() => [largest(here.gradients)]);
  const steps = slopes.map((slope) => 1 / Math.max(1, slope));
  const refused = new Uint8Array(count);
  const converged = new Array<boolean>(count).fill(false);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const unit = await read(() => [largest(project(x.sub(here.gradients)).sub(x))]);
    for (let i = 0; i < count; i++) converged[i] ||= unit[0][i] <= tolerance || refused[i] > HALVINGS;
    if (converged.every((done) => done)) break;
    const next = tf.tidy(() => project(x.sub(here.gradients.mul(rows(steps, x)))));
    const there = await evaluate(energy, next);
    const [slope, slopeThere, squares] = await read(() => {
      const move = next.sub(x);
      return [total(move.mul(here.gradients)), total(move.mul(there.gradients)), total(move.square())];
    });
    const taken = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const change = changeOf(here.energies[i], there.energies[i], slope[i], slopeThere[i]);
      const lower = change < 0 && change <= 1e-4 * slope[i];
      if (converged[i] || !lower) {
        steps[i] *= 0.5;
        refused[i]++;
        continue;
      }
      taken[i] = 1;
      refused[i] = 0;
      here.energies[i] = there.energies[i];
      const curvature = slopeThere[i] - slope[i];
      const spectral = curvature > 0 ? squares[i] / curvature : 2 * steps[i];
      steps[i] = Math.min(1e6, Math.max(1e-6, spectral));
    }
    const [states, gradients] = tf.tidy(() => {
      const mask = rows(taken, x).toBool().broadcastTo(x.shape);
      return [tf.where(mask, next, x), tf.where(mask, there.gradients, here.gradients)];
    });
    tf.dispose([x, next, here.gradients, there.gradients]);
    x = states;
    here = { energies: here.energies, gradients };
  }
  here.gradients.dispose();
  return { states: x, energies: here.energies, converged };
}

/**
 * The change of energy along a move: the difference, or where that drowns in the rounding of 32 bits the mean slope.
 */
function changeOf(here: number, there: number, slope: number, slopeThere: number): number {
  const change = there - here;
  const rounding = 2 ** -21 * Math.max(Math.abs(here), Math.abs(there));
  return Math.abs(change) <= rounding ? (slope + slopeThere) / 2 : change;
}

async function evaluate(energy: BatchEnergy, x: tf.Tensor) {
  const { energies, gradients } = inputGradients(energy, x);
  const values = (await energies.data()) as Float32Array;
  energies.dispose();
  const finite = await read(() => [total(gradients.mul(0))]);
  for (const [i, value] of values.entries()) {
    checkEnergy(value, `the energy of state ${i} of the batch during descent`);
    if (value < Number.POSITIVE_INFINITY && finite[0][i] !== 0) {
      throw new EnergyValueError(
        `the gradient of state ${i} of the batch is not finite where its energy is ${value}`,
      );
    }
  }
  return { energies: values.slice(), gradients };
}

async function read(make: () => tf.Tensor[]): Promise<Float32Array[]> {
  const tensors = tf.tidy(make);
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return values as Float32Array[];
}

/** One number a state, shaped so that it multiplies whole states. */
function rows(values: Float32Array, { shape }: tf.Tensor): tf.Tensor {
  return tf.tensor(values.slice(), [shape[0], ...shape.slice(1).map(() => 1)]);
}

function total(x: tf.Tensor): tf.Tensor {
  return x.reshape([x.shape[0], -1]).sum(1);
}

function largest(x: tf.Tensor): tf.Tensor {
  return x.abs().reshape([x.shape[0], -1]).max(1);
}
