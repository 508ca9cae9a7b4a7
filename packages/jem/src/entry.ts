import { CapabilityError } from "@basin/energy-core";

// What Node imports as `@basin/jem`. The entry itself is linked with tfjs before a line of it runs, so that it could
// not say what is missing.
const entry = await import("./index.ts").catch((error: { code?: string; message: string }) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND" || !error.message.includes("@tensorflow/tfjs")) throw error;
  throw new CapabilityError(
    `@basin/jem needs @tensorflow/tfjs, which is not installed: npm install @tensorflow/tfjs. The scores and detectors of "@basin/jem/outliers" do without it.`,
    { cause: error },
  );
});

export const {
  accuracy,
  attack,
  calibration,
  classGaussianDraws,
  classify,
  convolutionalNetwork,
  denseNetwork,
  energyNet,
  featuresOf,
  fitTemperature,
  formatModel,
  frechetDistance,
  generate,
  hasOutliers,
  jointEnergy,
  loadModel,
  logitsOf,
  madeOutlierNames,
  makeOutliers,
  outlierBenchmark,
  parseModel,
  probabilities,
  randomShifts,
  recipeSampler,
  sampleQuality,
  scores,
  train,
  trainJudge,
} = entry;
