import { ArgumentError } from "@basin/energy-core";
import { nodeModule } from "./platform.ts";

/** Keeps one value between runs. */
export interface CheckpointStore<T> {
  /** Resolves to the last value saved, or to undefined when there is none. */
  load(): Promise<T | undefined>;
  /** Replaces the value, whole or not at all. */
  save(value: T): Promise<void>;
}

interface FileSystem {
  readFile(path: string): Promise<Uint8Array>;
  rename(from: string, to: string): Promise<void>;
  open(path: string, flags: string): Promise<FileHandle>;
}

interface FileHandle {
  writeFile(data: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface Serializer {
  serialize(value: unknown): Uint8Array;
  deserialize(data: Uint8Array): unknown;
}

/**
 * Returns a store in one file, for anything that structured cloning takes (typed arrays included). A save writes a neighbor,
 * flushes it to the disk and renames it over the file, so that a crash leaves the old value or the new one. Node only.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { fileCheckpoint, nuts, type SampleCheckpoint, sample } from "@basin/samplers";
 *
 * const checkpoint = fileCheckpoint<SampleCheckpoint>("run.bin");
 * await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, checkpoint });
 * ```
 */
export function fileCheckpoint<T>(path: string): CheckpointStore<T> {
  const files = nodeModule<FileSystem>("node:fs/promises", "a checkpoint file");
  const { serialize, deserialize } = nodeModule<Serializer>("node:v8", "a checkpoint file");
  return {
    async load() {
      let bytes: Uint8Array;
      try {
        bytes = await files.readFile(path);
      } catch (error) {
        if ((error as { code?: string }).code === "ENOENT") return undefined;
        throw error;
      }
      try {
        return deserialize(bytes) as T;
      } catch (cause) {
        throw new ArgumentError(`${path} is not a checkpoint: ${(cause as Error).message}`, { cause });
      }
    },
    async save(value) {
      const partial = `${path}.partial`;
      const handle = await files.open(partial, "w");
      try {
        await handle.writeFile(serialize(value));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await files.rename(partial, path);
    },
  };
}

/**
 * Returns a store in memory, for tests and for pausing within one program.
 *
 * @example
 * ```ts
 * import { memoryCheckpoint } from "@basin/samplers";
 *
 * const store = memoryCheckpoint<number>();
 * await store.save(3);
 * console.log(await store.load()); // 3
 * ```
 */
export function memoryCheckpoint<T>(): CheckpointStore<T> {
  let kept: T | undefined;
  return {
    load: async () => kept,
    save: async (value) => {
      kept = value;
    },
  };
}
