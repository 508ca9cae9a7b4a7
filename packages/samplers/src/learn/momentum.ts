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
