import { provideModule } from "@basin/energy-core/run";
import "@basin/energy-core/worker";
import { GROUP_MODULE } from "./modules.ts";

/** What the worker file of a bundled page imports: a thread that knows how to do groups of a training run. */

// By a literal path, so that bundlers take it along.
provideModule(GROUP_MODULE, async () => ({ ...(await import("./group.ts")) }));
