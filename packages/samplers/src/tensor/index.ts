export { ReplayBuffer, type ReplayBufferOptions } from "./replay-buffer.ts";
export { type Sgld, type SgldOptions, sgld } from "./sgld.ts";
