import * as tf from "@tensorflow/tfjs";
import { CapabilityError } from "../errors.ts";
import { mendWasmKernels } from "./fast-kernels.ts";

/**
 * Makes the current backend of tfjs give right numbers or an error, where stock tfjs gives wrong ones without a word.
 * On the wasm backend it replaces kernels such as the gradients of maximum pools, if {@link installFastWasmKernels} has
 * not done so. On the webgpu backend it makes a synchronous read (`dataSync`) throw in browsers where such reads give
 * zeros. Nothing else changes. `applyModel` calls it.
 *
 * @example
 * ```ts
 * import { mendBackend } from "@basin/energy-core/tensor";
 *
 * mendBackend(); // nothing happens on another backend
 * ```
 */
export function mendBackend(): void {
  mendWasmKernels();
  mendReads();
}

/** What is replaced of tfjs's WebGPU backend. */
interface Reader {
  readSync(dataId: object): unknown;
  readonly tensorMap?: { get(dataId: object): { readonly values?: unknown } | undefined };
}

const mended = new WeakSet<Reader>();

/**
 * Replaces the synchronous read of the webgpu backend. That read draws the numbers on a canvas, which not every browser
 * can show to a program, so the first one is of numbers that are known.
 */
export function mendReads(): void {
  if (tf.getBackend() !== "webgpu") return;
  const backend = tf.backend() as unknown as Reader;
  if (mended.has(backend)) return;
  mended.add(backend);
  const read = backend.readSync.bind(backend);
  let works: boolean | undefined;
  backend.readSync = (dataId) => {
    const isHere = backend.tensorMap?.get(dataId)?.values != null;
    if (!isHere) works ??= readsRight(read);
    if (isHere || works) return read(dataId);
    throw new CapabilityError(
      "tfjs's WebGPU backend cannot read tensors synchronously in this browser: it would give zeros. Compute with batches and await data() of the results, or choose another backend",
    );
  };
}

/** More numbers than tfjs computes on the CPU instead, and more than a row of its canvas. */
const KNOWN = Float32Array.from({ length: 3000 }, (_, k) => Math.sin(k + 1) * 10 ** (k % 30));

/** Whether a read gives what the GPU computed from known numbers. */
function readsRight(read: Reader["readSync"]): boolean {
  return tf.tidy(() => {
    const given = read(tf.tensor1d(KNOWN).neg().dataId) as Float32Array;
    return KNOWN.every((value, k) => given[k] === -value);
  });
}
