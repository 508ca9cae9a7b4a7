export const SAMPLER_STEPS = 20;

/** The options that the figures in the guide were reached with. */
export async function defaultRecipe(samplerSteps: number) {
  const { sgld } = await import("@basin/samplers/tensor");
  return {
    // The clamp is what keeps training stable: without it steps overshoot as the energy sharpens, and samples are never like data again.
    sampler: sgld({ steps: samplerSteps, stepSize: 1, noiseScale: 0.01, box: [0, 1], maxGradient: 0.05 }),
    classConditional: true,
    // More weight sharpens the energy faster than chains of this length can follow.
    marginalWeight: 0.1,
    maxLag: 0.1,
    energyPenalty: 1e-3,
    learningRate: 7e-4,
    finalRate: 0.02,
    maxGradientNorm: 5,
    inputNoise: 0.1,
    sampleNoise: 0.1,
    bufferSize: 5000,
    averageDecay: 0.998,
  };
}

const SMALLEST_SHIFTED = 16;

/** Objects move by a pixel in images of any size worth the name; below that a pixel is a large part of the image. */
export function defaultShift(shape: readonly number[]): number {
  const [height, width] = shape;
  return shape.length >= 2 && Math.min(height, width) >= SMALLEST_SHIFTED ? 1 : 0;
}
