export { type Hmc, type HmcBatch, tensorHmc } from "./hmc.ts";
export { type Sgld, type SgldSettings, type TensorSgldOptions, tensorSgld } from "./sgld.ts";
export {
  liftBatch,
  type TensorBatch,
  type TensorMove,
  type TensorProposal,
} from "./walkers.ts";
