import { provideModule } from "@basin/energy-core/run";
import "@basin/energy-core/worker";

/**
 * What the worker file of a bundled page imports: a thread that knows how to do groups of a training run, and cells of
 * an experiment.
 */

// By literal paths, so that bundlers take them along.
provideModule("@basin/jem/worker", async () => ({
  ...(await import("./group.ts")),
  ...(await import("../experiments/cell-job.ts")),
}));
