export { type Hmc, tensorHmc } from "./hmc.ts";
export { type Sgld, type SgldSettings, type TensorSgldOptions, tensorSgld } from "./sgld.ts";
export { liftBatch, type TensorMove } from "./walkers.ts";
