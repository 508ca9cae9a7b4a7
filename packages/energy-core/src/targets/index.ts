export { banana } from "./banana.ts";
export { doubleWell } from "./double-well.ts";
export { funnel } from "./funnel.ts";
export { gaussian } from "./gaussian.ts";
export { logExponential } from "./log-exponential.ts";
export { gaussianMixture } from "./mixture.ts";
export { rosenbrock } from "./rosenbrock.ts";
export type { Target } from "./target.ts";
