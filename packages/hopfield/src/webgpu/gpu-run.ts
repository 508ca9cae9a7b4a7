import { checkDeviceOption, type DeviceOption, onDevice } from "@basin/energy-core/internal";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { GpuDevice } from "@basin/energy-core/webgpu";

/** Options of {@link gpuHopfield} and {@link gpuModern}. */
export interface GpuMemoryOptions {
  /**
   * `"gpu"`: the device of `gpuDevice()` of @basin/energy-core/webgpu. `"auto"`: the same, or the CPU where none is.
   * `"cpu"`: the memory's own kernels. Or a `GPUDevice`. Default "gpu".
   */
  device?: DeviceOption;
}

/** A memory whose patterns lie on a device. */
export interface OnDevice {
  /** Where it recalls. */
  readonly device: "gpu" | "cpu";
  /** Why `"auto"` took the CPU. */
  readonly fallback?: string;
  /** Frees what the device holds. */
  dispose(): void;
}

/**
 * Resolves to what `make` makes on the device that is asked for, or to nothing but a report where that is the CPU.
 *
 * @throws {CapabilityError} where a GPU was asked for, and is missing.
 */
export async function place<E extends { dispose(): void }>(
  { device = "gpu" }: GpuMemoryOptions,
  make: (device: GpuDevice) => Promise<E>,
): Promise<{ readonly engine?: E; readonly report: OnDevice }> {
  checkDeviceOption(device);
  const engine = await onDevice(device, async (find) => make(await find()));
  if (typeof engine === "object")
    return { engine, report: { device: "gpu", dispose: () => engine.dispose() } };
  return { report: { device: "cpu", ...(engine && { fallback: engine }), dispose() {} } };
}

/** Returns a function that makes calls wait for those before them: they share buffers. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}

/** Resolves to the answers for `total` rows, so many at a time, and tells the caller how far they are. */
export async function inChunks<T>(
  total: number,
  rows: number,
  options: RunOptions,
  answer: (from: number, end: number) => readonly T[] | Promise<readonly T[]>,
): Promise<T[]> {
  const pace = pacer(options);
  const all: T[] = [];
  while (all.length < total) {
    all.push(...(await answer(all.length, Math.min(total, all.length + rows))));
    if (pace.due) await pace.breathe(() => ({ done: all.length, total }));
  }
  pace.report(() => ({ done: total, total }));
  return all;
}
