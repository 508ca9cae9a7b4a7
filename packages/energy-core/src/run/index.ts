export { crc32 } from "./crc32.ts";
export { checksum, type Fingerprint } from "./fingerprint.ts";
export { PoolError, runJobs } from "./jobs.ts";
export { type CheckpointOptions, keepRun, type RunIdentity, type RunKeeper } from "./keep-run.ts";
export { type LockOptions, lockFile } from "./lock.ts";
export { loadModule, provideModule } from "./modules.ts";
export { type Pacer, type Progress, pacer, type RunOptions, type Saving } from "./pace.ts";
export { moduleBeside, now, yieldToEvents } from "./platform.ts";
export {
  checkWorkers,
  type Job,
  openPool,
  type ThreadOptions,
  WorkerError,
  type WorkerPool,
} from "./pool.ts";
export { type AbortSignal, followSignal, type Stop, throwIfAborted } from "./signal.ts";
export { type Parts, shareOut, spread } from "./spread.ts";
export { type Checkpoint, type CheckpointStore, fileCheckpoint, memoryCheckpoint } from "./store.ts";
export { decodeText, encodeText } from "./text.ts";
export { type WorkerLike, type WorkerMessage, webWorker } from "./worker-like.ts";
