import { provideModule } from "@basin/energy-core/run";
import "@basin/energy-core/worker";

/** What the worker file of a bundled page imports: a thread that knows how to measure memories. */

// By literal paths, so that bundlers take them along.
provideModule("@basin/hopfield/worker", async () => ({
  ...(await import("./census.ts")),
  ...(await import("./measure/landscape.ts")),
  ...(await import("./measure/capacity.ts")),
  ...(await import("./measure/bit-error.ts")),
  ...(await import("./measure/basin.ts")),
}));
