export { type Hmc, type HmcBatch, hmc } from "./hmc.ts";
export { type Sgld, type SgldOptions, type SgldSettings, sgld } from "./sgld.ts";
