import { provideModule } from "@basin/energy-core/run";
import "@basin/energy-core/worker";

/** What the worker file of a bundled page imports: a thread that knows how to run chains. */

// By a literal path, so that bundlers take it along.
provideModule("@basin/samplers/worker", () => import("./chain-job.ts"));
