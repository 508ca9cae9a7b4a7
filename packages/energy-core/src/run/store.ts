import { ArgumentError } from "../errors.ts";
import { decodeText, encodeText } from "../internal/text.ts";
import { crc32 } from "./crc32.ts";
import { readIfThere, writeWhole } from "./files.ts";
import { type Fingerprint, hex } from "./fingerprint.ts";
import { lockFile } from "./lock.ts";
import { nodeModule } from "./platform.ts";

/** A run in the middle of its work. */
export interface Checkpoint {
  /** The call that wrote it, such as "sample". */
  readonly format: string;
  /** Of `state`. */
  readonly version: number;
  /** What the run that goes on must share with it. */
  readonly run: Fingerprint;
  /** What that call goes on from: plain values and typed arrays. */
  readonly state: unknown;
}

/** Keeps one checkpoint between runs. */
export interface CheckpointStore {
  /** Resolves to the last checkpoint saved, or to undefined when there is none. */
  load(): Promise<Checkpoint | undefined>;
  /** Replaces the checkpoint, whole or not at all. */
  save(checkpoint: Checkpoint): Promise<void>;
  /**
   * Locks the store for one run and resolves to a function that releases it.
   * @throws {ArgumentError} while another run holds it.
   */
  lock(): Promise<() => Promise<void>>;
}

const MAGIC = "BASINRUN";
const LAYOUT = 1;
const HEADER = MAGIC.length + 8;

interface Serializer {
  serialize(value: unknown): Uint8Array;
  deserialize(data: Uint8Array): unknown;
}

const serializer = () => nodeModule<Serializer>("node:v8", "a checkpoint file");

/**
 * Returns a store in one file: the text BASINRUN, the version of the layout and the CRC-32 of the rest (32-bit words,
 * little-endian), and the checkpoint by Node's structured serialization. A save writes another file, flushes it to the
 * disk and renames it, so a crash leaves the old checkpoint or the new one. A run holds `path.lock`, so no two runs
 * write the same file. Node only.
 *
 * @throws {CapabilityError} outside Node, at the first use.
 *
 * @example
 * ```ts
 * import { fileCheckpoint } from "@basin/energy-core/run";
 *
 * const store = fileCheckpoint("run.bin"); // the `checkpoint` option of every long call
 * await store.save({ format: "count", version: 1, run: { to: 10 }, state: Float64Array.of(1, 2) });
 * console.log((await store.load())?.state); // Float64Array(2) [ 1, 2 ]
 * ```
 */
export function fileCheckpoint(path: string): CheckpointStore {
  return {
    async load() {
      const bytes = await readIfThere(path);
      return bytes === undefined ? undefined : decode(bytes, path);
    },
    save: (checkpoint) => writeWhole(path, encode(checkpoint)),
    lock: () => lockFile(path),
  };
}

function encode(checkpoint: Checkpoint): Uint8Array {
  const payload = serializer().serialize(checkpoint);
  const bytes = new Uint8Array(HEADER + payload.length);
  const view = new DataView(bytes.buffer);
  bytes.set(encodeText(MAGIC));
  view.setUint32(MAGIC.length, LAYOUT, true);
  view.setUint32(MAGIC.length + 4, crc32(payload), true);
  bytes.set(payload, HEADER);
  return bytes;
}

function decode(bytes: Uint8Array, path: string): Checkpoint {
  const remedy = "remove it to start over";
  if (bytes.length < HEADER || decodeText(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new ArgumentError(
      `${path} is not a checkpoint of this version of Basin: it does not begin with ${MAGIC}; ${remedy}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const layout = view.getUint32(MAGIC.length, true);
  if (layout !== LAYOUT) {
    throw new ArgumentError(`${path} has version ${layout} of the layout, expected ${LAYOUT}; ${remedy}`);
  }
  const payload = bytes.subarray(HEADER);
  const [kept, found] = [view.getUint32(MAGIC.length + 4, true), crc32(payload)];
  if (kept !== found) {
    throw new ArgumentError(
      `the checkpoint ${path} is damaged: its checksum is ${hex(kept)}, its ${payload.length} bytes have ${hex(found)}; ${remedy}`,
    );
  }
  return serializer().deserialize(payload) as Checkpoint;
}

/**
 * Returns a store in memory, for pausing within one program and for pages.
 *
 * @example
 * ```ts
 * import { memoryCheckpoint } from "@basin/energy-core/run";
 *
 * const store = memoryCheckpoint();
 * await store.save({ format: "count", version: 1, run: {}, state: 3 });
 * console.log((await store.load())?.state); // 3
 * ```
 */
export function memoryCheckpoint(): CheckpointStore {
  let kept: Checkpoint | undefined;
  let held = false;
  return {
    load: async () => kept,
    save: async (checkpoint) => {
      kept = checkpoint;
    },
    lock: async () => {
      if (held) throw new ArgumentError("the checkpoint is in use by another run");
      held = true;
      return async () => {
        held = false;
      };
    },
  };
}
