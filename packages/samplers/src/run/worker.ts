import { provideModule } from "@basin/energy-core/run";
import "@basin/energy-core/worker";
import { CHAIN_JOB_MODULE } from "./chain-job-module.ts";

/** What the worker file of a bundled page imports: a thread that knows how to run chains. */

// By a literal path, so that bundlers take it along.
provideModule(CHAIN_JOB_MODULE, () => import("./chain-job.ts"));
