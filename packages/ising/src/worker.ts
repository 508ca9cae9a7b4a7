import { provideModule } from "@basin/energy-core/run";
import "@basin/energy-core/worker";

/** What the worker file of a bundled page imports: a thread that knows how to anneal, search and simulate. */

// By literal paths, so that bundlers take them along.
provideModule("@basin/ising/worker", async () => ({
  ...(await import("./solve/threads.ts")),
  ...(await import("./solve/search/spread.ts")),
  ...(await import("./simulate/replicas.ts")),
}));
