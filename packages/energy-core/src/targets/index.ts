export { type BananaOptions, banana } from "./banana.ts";
export { type DoubleWellOptions, doubleWell } from "./double-well.ts";
export { type FunnelOptions, funnel } from "./funnel.ts";
export { type GaussianOptions, gaussian } from "./gaussian.ts";
export { type LogExponentialOptions, logExponential } from "./log-exponential.ts";
export { type GaussianMixtureOptions, gaussianMixture } from "./mixture.ts";
export { type RosenbrockOptions, rosenbrock } from "./rosenbrock.ts";
export type { Target } from "./target.ts";
