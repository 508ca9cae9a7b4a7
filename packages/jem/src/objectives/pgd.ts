import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { uniformTensor } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { type NormName, normNames } from "../robust/pgd.ts";

/** Options of {@link pgd}. */
export interface PgdOptions {
  /** Radius ε of the ball about the start, above 0. */
  radius: number;
  /** Default "l2". */
  norm?: NormName;
  /** Gradient steps, at least 1. Default 20. */
  steps?: number;
  /** Length of a step, above 0. Default 2.5 ε / steps (Madry et al. 2018). */
  stepSize?: number;
  /**
   * Whether the first step leaves from a uniform point of the cube of side 2ε/√n (l2) or 2ε (linf) about the start.
   * Default false.
   */
  randomStart?: boolean;
  /** States are clamped to [low, high]. Default: no clamping. */
  box?: readonly [low: number, high: number];
}

/** Returns the options checked, with defaults. */
export function resolvePgd(options: PgdOptions) {
  const radius = checkNumber("radius", options.radius, { above: 0 });
  const steps = checkNumber("steps", options.steps ?? 20, { min: 1, integer: true });
  const { box, randomStart = false } = options;
  if (box && !(box[0] < box[1])) throw new ArgumentError(`box is [${box.join(", ")}], expected low < high`);
  return {
    radius,
    steps,
    randomStart,
    box,
    norm: checkName("norm", options.norm ?? "l2", normNames),
    stepSize: checkNumber("stepSize", options.stepSize ?? (2.5 * radius) / steps, { above: 0 }),
  };
}

/**
 * Returns the batch after projected gradient ascent on `objective` (Madry et al. 2018): x ← Π(x + η u), with u the
 * gradient scaled to length 1 (l2) or its signs (linf), and Π the projection to the ball about the start, then to the
 * box. A state with zero gradient does not move. The caller disposes of the result.
 *
 * @param objective maps `[batch, ...shape]` to `[batch]`; each state climbs separately.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { pgd } from "@basin/jem/experiments";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const height = (x: tf.Tensor) => x.sum(1) as tf.Tensor1D;
 * console.log(pgd(height, tf.zeros([1, 2]), createRng(1), { radius: 1 }).dataSync()); // (1, 1)/√2
 * ```
 */
export function pgd(
  objective: (x: tf.Tensor) => tf.Tensor1D,
  start: tf.Tensor,
  rng: Rng,
  options: PgdOptions,
): tf.Tensor {
  checkOptions("pgd", options, "radius norm steps stepSize randomStart box");
  const { radius, steps, norm, stepSize, randomStart, box } = resolvePgd(options);
  const gradient = tf.grad((x: tf.Tensor) => objective(x).sum());
  const project = (x: tf.Tensor) => {
    const moved = x.sub(start);
    const inside =
      norm === "linf"
        ? moved.clipByValue(-radius, radius)
        : moved.mul(tf.minimum(1, tf.scalar(radius).div(lengths(moved))));
    const back = start.add(inside);
    return box ? back.clipByValue(box[0], box[1]) : back;
  };
  return tf.tidy(() => {
    const cube = norm === "linf" ? radius : radius / Math.sqrt(start.size / start.shape[0]);
    let x = randomStart ? project(start.add(uniformTensor(rng, start.shape, -cube, cube))) : start;
    for (let k = 0; k < steps; k++) {
      x = tf.tidy(() => {
        const g = gradient(x);
        return project(x.add((norm === "linf" ? g.sign() : g.div(lengths(g))).mul(stepSize)));
      });
    }
    return x === start ? x.clone() : x;
  });
}

/** ‖x‖ of each state, kept above zero, shaped to divide by. */
function lengths(x: tf.Tensor): tf.Tensor {
  const [count] = x.shape;
  return x
    .square()
    .reshape([count, -1])
    .sum(1)
    .sqrt()
    .maximum(1e-12)
    .reshape([count, ...x.shape.slice(1).map(() => 1)]);
}
