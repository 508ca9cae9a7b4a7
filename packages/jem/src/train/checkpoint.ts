import { ArgumentError, BasinError, crc32 } from "@basin/energy-core";
import type { RngState } from "@basin/energy-core/random";
import type { TrainStep } from "./step.ts";

/** Everything that a run goes on from. */
export interface TrainState {
  readonly updates: number;
  readonly seconds: number;
  readonly plannedSteps: number;
  /** The time limit that the updates were planned for, in seconds. */
  readonly plannedFor: number;
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly average: Float32Array;
  readonly averageWeight: number;
  readonly rateFactor: number;
  readonly margins: readonly [number, number];
  readonly chains: readonly { readonly states: Float32Array; readonly rng: RngState }[];
  readonly order: Uint32Array;
  readonly at: number;
  readonly orderRng: RngState;
  readonly augmentRng: RngState;
  readonly watch: WatchState;
  readonly backOffs: readonly BackOff[];
  readonly last: TrainStep | undefined;
}

/** Running figures of the divergence detectors. */
export interface WatchState {
  readonly gap: number;
  readonly usualGap: number;
  readonly accuracy: number;
  readonly bestAccuracy: number;
  readonly loss: number;
  readonly firstLoss: number;
  readonly bestLoss: number;
  readonly logNorm: number;
  readonly leastLogNorm: number;
  readonly still: number;
  readonly unwell: number;
  readonly seen: number;
}

/** A divergence that the run recovered from. */
export interface BackOff {
  /** Where it diverged, why, and where the run went on from. */
  readonly step: number;
  readonly reason: string;
  readonly resumedFrom: number;
  readonly learningRate: number;
}

/** What a store keeps: the state, under which options it was made, and a checksum of it. */
export interface TrainCheckpoint {
  readonly format: "basin-jem-run";
  readonly version: 2;
  readonly fingerprint: string;
  readonly checksum: number;
  readonly state: TrainState;
  readonly good: readonly TrainState[];
}

/** What a run goes on from, and what divergences go back to, oldest first. */
export interface KeptStates {
  readonly state: TrainState;
  readonly good: readonly TrainState[];
}

/** Keeps one checkpoint between runs; `fileCheckpoint(path)` and `memoryCheckpoint()` of `@basin/samplers` are such stores. */
export interface CheckpointStore {
  load(): Promise<TrainCheckpoint | undefined>;
  save(value: TrainCheckpoint): Promise<void>;
}

/** Saves a state. @throws {BasinError} when the store cannot, saying that the checkpoint before it stands. */
export async function saveCheckpoint(
  store: CheckpointStore,
  states: KeptStates,
  fingerprint: string,
): Promise<void> {
  const checksum = checksumOf(states);
  try {
    await store.save({ format: "basin-jem-run", version: 2, fingerprint, checksum, ...states });
  } catch (cause) {
    throw new BasinError(
      `the checkpoint of update ${states.state.updates} could not be saved (${(cause as Error).message}); the one before it is untouched`,
      { cause },
    );
  }
}

/** Loads a state, if the store holds one. @throws {ArgumentError} for one that is damaged or was made under other options. */
export async function loadCheckpoint(
  store: CheckpointStore,
  fingerprint: string,
): Promise<KeptStates | undefined> {
  const found = await store.load();
  if (found === undefined) return undefined;
  if (found.format !== "basin-jem-run" || found.version !== 2)
    throw new ArgumentError("the checkpoint is not one of a training run of this version");
  const { state, good } = found;
  const checksum = checksumOf({ state, good });
  if (checksum !== found.checksum) {
    throw new ArgumentError(
      `the checkpoint is damaged: its checksum is ${hex(checksum)}, expected ${hex(found.checksum)}`,
    );
  }
  if (found.fingerprint !== fingerprint) {
    throw new ArgumentError(
      `the checkpoint was made under other options, data or model; it says ${found.fingerprint}, this run ${fingerprint}`,
    );
  }
  return { state, good };
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");

/** CRC-32 of all numbers of what is kept, in the order in which they are met. */
function checksumOf(states: KeptStates): number {
  let crc = 0;
  const plain = JSON.stringify(states, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    crc = crc32(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), crc);
    return value.byteLength;
  });
  return crc32(
    Uint8Array.from(plain, (character) => character.charCodeAt(0)),
    crc,
  );
}
