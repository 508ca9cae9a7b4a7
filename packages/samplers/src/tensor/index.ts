export { type Hmc, type HmcBatch, hmc } from "./hmc.ts";
export { type Sgld, type SgldOptions, type SgldSettings, sgld } from "./sgld.ts";
export {
  liftBatch,
  type TensorBatch,
  type TensorMove,
  type TensorProposal,
} from "./walkers.ts";
