export { type Hmc, type HmcBatch, hmc } from "./hmc.ts";
export { type Sgld, type SgldOptions, type SgldSettings, sgld } from "./sgld.ts";
export {
  type LiftBatchOptions,
  liftBatch,
  type TensorBatch,
  type TensorMove,
  type TensorProposal,
  type TensorWalkers,
} from "./walkers.ts";
