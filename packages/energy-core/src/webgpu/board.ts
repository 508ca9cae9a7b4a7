import { BasinError, CostError, checkKind } from "../errors.ts";
import type { DeviceCalls, GpuBuffer, GpuDevice, GpuEncoder, GpuPass, GpuPipeline } from "./types.ts";

/** A GPU device that was lost or refused work: what was on it is gone, so a run goes on from its last checkpoint. */
export class DeviceError extends BasinError {
  static override readonly basinName: string = "DeviceError";
}

/** Uses of buffers, as WebGPU numbers them. */
const USAGE = { mapRead: 1, copyFrom: 4, copyTo: 8, uniform: 64, storage: 128 } as const;

/** Workgroups in a row that every device starts. */
export const MOST_GROUPS = 65535;

/** Kernels by their text, as long as their device is there: a text has one entry point. */
const compiled = new WeakMap<DeviceCalls, Map<string, Promise<GpuPipeline>>>();

/** A pipeline with its buffers. */
export interface Bound {
  readonly pipeline: GpuPipeline;
  readonly group: object;
}

/** Buffers and kernels of one computation on a device; {@link dispose} frees them, not the device. */
export class Board {
  readonly device: DeviceCalls;
  readonly #buffers = new Set<GpuBuffer>();
  #lost: string | undefined;
  #refused: string | undefined;
  /** Resolves once it is known whether the device took what was submitted last. */
  #taken: Promise<void> = Promise.resolve();

  constructor(device: GpuDevice) {
    const { createBuffer } = Object(device) as DeviceCalls;
    checkKind("device", device, typeof createBuffer === "function", "a GPUDevice");
    this.device = device as unknown as DeviceCalls;
    this.device.lost.then(({ reason, message }) => {
      this.#lost = `${reason ?? "unknown"}${message ? `: ${message}` : ""}`;
    });
  }

  /** Returns a buffer for kernels. @throws {CostError} for more bytes than the device can bind. */
  storage(label: string, bytes: number): GpuBuffer {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes > limit)
      throw new CostError(
        `${label} takes ${bytes} bytes, and this device binds at most ${limit} in a buffer`,
      );
    return this.#make(label, bytes, USAGE.storage | USAGE.copyFrom | USAGE.copyTo);
  }

  /** Returns a buffer of parameters. */
  uniform(label: string, bytes: number): GpuBuffer {
    return this.#make(label, bytes, USAGE.uniform | USAGE.copyTo);
  }

  #make(label: string, bytes: number, usage: number): GpuBuffer {
    const buffer = this.device.createBuffer({ label, size: Math.max(16, bytes), usage });
    this.#buffers.add(buffer);
    return buffer;
  }

  /** Resolves to what `make` made, once the device has taken it. @throws {CostError} when its memory is full. */
  async allocate<T>(make: () => T): Promise<T> {
    this.check();
    for (const kind of ["out-of-memory", "validation"] as const) this.device.pushErrorScope(kind);
    const close = async () => [await this.device.popErrorScope(), await this.device.popErrorScope()];
    let made: T;
    try {
      made = make();
    } catch (error) {
      await close();
      throw error;
    }
    const [invalid, full] = await close();
    if (full !== null) throw new CostError(`the GPU's memory is full: ${full.message}`);
    if (invalid !== null) throw new DeviceError(`the GPU refused a buffer: ${invalid.message}`);
    return made;
  }

  /**
   * Resolves to a compiled kernel, the same for the same text. @throws {DeviceError} for one that the device refuses.
   */
  pipeline(code: string, entryPoint: string): Promise<GpuPipeline> {
    this.check();
    const known = compiled.get(this.device) ?? new Map<string, Promise<GpuPipeline>>();
    compiled.set(this.device, known);
    const pipeline = known.get(code) ?? this.#compile(code, entryPoint);
    known.set(code, pipeline);
    return pipeline;
  }

  async #compile(code: string, entryPoint: string): Promise<GpuPipeline> {
    const module = this.device.createShaderModule({ label: entryPoint, code });
    const descriptor = { label: entryPoint, layout: "auto", compute: { module, entryPoint } };
    try {
      return await this.device.createComputePipelineAsync(descriptor);
    } catch (cause) {
      throw new DeviceError(`the GPU refused the kernel ${entryPoint}: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  /** Returns the pipeline with buffers by the numbers of their bindings. */
  bind(pipeline: GpuPipeline, buffers: readonly (readonly [binding: number, buffer: GpuBuffer])[]): Bound {
    const entries = buffers.map(([binding, buffer]) => ({ binding, resource: { buffer } }));
    const descriptor = { layout: pipeline.getBindGroupLayout(0), entries };
    return { pipeline, group: this.device.createBindGroup(descriptor) };
  }

  write(buffer: GpuBuffer, words: Uint32Array | Float32Array, offset = 0): void {
    this.device.queue.writeBuffer(buffer, offset, words);
  }

  /** Submits what `encode` encodes, in order. */
  submit(encode: (encoder: GpuEncoder) => void): void {
    this.check();
    // Work that is refused is left out without a word, and what it should have written stays as it was.
    this.device.pushErrorScope("validation");
    const encoder = this.device.createCommandEncoder();
    encode(encoder);
    this.device.queue.submit([encoder.finish()]);
    this.#taken = this.device.popErrorScope().then(
      (error) => {
        this.#refused ??= error?.message;
      },
      () => {},
    );
  }

  /** Resolves to copies of the first bytes of each of these parts of buffers, after all that was submitted. */
  async read(
    parts: readonly { buffer: GpuBuffer; offset?: number; bytes: number }[],
  ): Promise<Uint32Array<ArrayBuffer>[]> {
    const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const staging = this.#make("staging", total, USAGE.mapRead | USAGE.copyTo);
    try {
      this.submit((encoder) => {
        let to = 0;
        for (const { buffer, offset = 0, bytes } of parts) {
          encoder.copyBufferToBuffer(buffer, offset, staging, to, bytes);
          to += bytes;
        }
      });
      await staging.mapAsync(1);
      await this.#taken;
      this.check();
      const all = staging.getMappedRange();
      let from = 0;
      return parts.map(({ bytes }) => {
        from += bytes;
        return new Uint32Array(all.slice(from - bytes, from));
      });
    } catch (cause) {
      // The promise of the loss is told a moment after the one that waited for the buffer.
      await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 50))]);
      this.check();
      throw cause instanceof BasinError
        ? cause
        : new DeviceError(`the GPU gave nothing back: ${(cause as Error).message}`, { cause });
    } finally {
      this.free(staging);
    }
  }

  /** @throws {DeviceError} after the device was lost, or refused work. */
  check(): void {
    if (this.#refused !== undefined) throw new DeviceError(`the GPU refused work: ${this.#refused}`);
    if (this.#lost !== undefined)
      throw new DeviceError(
        `the GPU device was lost (${this.#lost}); what it held is gone: run again, from the last checkpoint where one was kept`,
      );
  }

  free(buffer: GpuBuffer): void {
    buffer.destroy();
    this.#buffers.delete(buffer);
  }

  /** Frees all buffers. */
  dispose(): void {
    for (const buffer of this.#buffers) this.free(buffer);
  }
}

/** Declares a buffer of the first group, in WGSL. */
export function bufferText(
  binding: number,
  access: "read" | "read_write",
  name: string,
  type: string,
): string {
  return `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${type}>;`;
}

/** Runs a bound kernel over workgroups in a pass. */
export function dispatch(pass: GpuPass, { pipeline, group }: Bound, x: number, y = 1): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(x, y);
}

declare const setTimeout: (callback: (value: unknown) => void, milliseconds: number) => unknown;
