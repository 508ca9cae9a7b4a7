export { type Hmc, type HmcBatch, type HmcOptions, hmc } from "./hmc.ts";
export { type Sgld, type SgldOptions, type SgldSettings, sgld } from "./sgld.ts";
