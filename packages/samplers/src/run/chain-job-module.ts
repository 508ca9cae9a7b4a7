/** The name under which a thread that imports `@basin/samplers/worker` knows the module that runs chains. */
export const CHAIN_JOB_MODULE = "basin:chain-job";
