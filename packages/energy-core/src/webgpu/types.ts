/** A `GPUDevice` of any library of types: Basin needs none of them. */
export interface GpuDevice {
  readonly lost: Promise<unknown>;
  destroy(): void;
  createComputePipelineAsync(descriptor: never): Promise<object>;
}

/** A `GPU`, as `navigator.gpu` is. */
export interface GpuEntry {
  requestAdapter(options?: { powerPreference?: "high-performance" | "low-power" }): Promise<object | null>;
}

/** A `GPUAdapter`, as far as Basin looks. */
export interface Adapter {
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  readonly info?: Partial<Record<"vendor" | "architecture" | "device" | "description", string>>;
  requestDevice(descriptor: { requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

/** What Basin calls of a `GPUDevice`. */
export interface DeviceCalls {
  readonly limits: {
    readonly maxBufferSize: number;
    readonly maxStorageBufferBindingSize: number;
  };
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  readonly queue: {
    submit(commands: Iterable<never>): void;
    writeBuffer(buffer: never, offset: number, data: never, from?: number, count?: number): void;
  };
  createBuffer(descriptor: { label?: string; size: number; usage: number }): GpuBuffer;
  createShaderModule(descriptor: { label?: string; code: string }): object;
  createComputePipelineAsync(descriptor: never): Promise<GpuPipeline>;
  createBindGroup(descriptor: never): object;
  createCommandEncoder(): GpuEncoder;
  pushErrorScope(filter: "out-of-memory" | "validation" | "internal"): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

/** A `GPUBuffer`. */
export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number): Promise<unknown>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

/** A `GPUComputePipeline`. */
export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

/** A `GPUCommandEncoder`. */
export interface GpuEncoder {
  beginComputePass(): GpuPass;
  copyBufferToBuffer(from: never, fromOffset: number, to: never, toOffset: number, bytes: number): unknown;
  clearBuffer(buffer: never): unknown;
  finish(): object;
}

/** A `GPUComputePassEncoder`. */
export interface GpuPass {
  setPipeline(pipeline: never): unknown;
  setBindGroup(index: number, group: never): unknown;
  dispatchWorkgroups(x: number, y?: number, z?: number): unknown;
  end(): unknown;
}
