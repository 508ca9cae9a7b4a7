/** What {@link momentumStep} is told. */
export interface MomentumStep {
  readonly learningRate: number;
  /** Share of the last step that is kept, in [0, 1). */
  readonly momentum: number;
  /** Adds weightDecay · θ to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/**
 * Takes a step of gradient descent with momentum (Polyak 1964) in place, v ← μv − η (g + λθ), θ ← θ + v.
 *
 * @example
 * ```ts
 * import { momentumStep } from "@basin/samplers/learn";
 *
 * const [theta, velocity] = [Float64Array.of(1), Float64Array.of(0)];
 * for (let k = 0; k < 2; k++) momentumStep(theta, velocity, [1], { learningRate: 0.1, momentum: 0.5 });
 * console.log(theta[0]); // 1 − 0.1 − 0.15
 * ```
 */
export function momentumStep(
  parameters: Float32Array | Float64Array,
  velocity: Float32Array | Float64Array,
  gradient: ArrayLike<number>,
  { learningRate, momentum, weightDecay = 0 }: MomentumStep,
): void {
  for (let i = 0; i < parameters.length; i++) {
    velocity[i] = momentum * velocity[i] - learningRate * (gradient[i] + weightDecay * parameters[i]);
    parameters[i] += velocity[i];
  }
}
