export { PoolError } from "./jobs.ts";
export { type CheckpointOptions, keepRun, type RunKeeper } from "./keep-run.ts";
export { lockFile } from "./lock.ts";
export { provideModule } from "./modules.ts";
export { type Progress, pacer, type RunOptions } from "./pace.ts";
export { moduleBeside } from "./platform.ts";
export { openPool, type ThreadOptions, WorkerError, type WorkerPool } from "./pool.ts";
export { type Checkpoint, type CheckpointStore, fileCheckpoint, memoryCheckpoint } from "./store.ts";
export { nodeWorker, webWorker } from "./worker-like.ts";
