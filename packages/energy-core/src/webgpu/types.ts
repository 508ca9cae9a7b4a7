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

interface Limits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}

/** A `GPUAdapter`, as far as Basin looks. */
export interface Adapter {
  readonly limits: Limits;
  readonly info?: Partial<Record<"vendor" | "architecture" | "device" | "description", string>>;
  requestDevice(descriptor: { requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

/** What Basin calls of a `GPUDevice`. */
export interface DeviceCalls {
  readonly limits: Limits;
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  readonly queue: {
    submit(commands: Iterable<object>): void;
    writeBuffer(buffer: GpuBuffer, offset: number, data: Uint32Array | Float32Array): void;
  };
  createBuffer(descriptor: { label?: string; size: number; usage: number }): GpuBuffer;
  createShaderModule(descriptor: { label?: string; code: string }): object;
  createComputePipelineAsync(descriptor: object): Promise<GpuPipeline>;
  createBindGroup(descriptor: object): object;
  createCommandEncoder(): GpuEncoder;
  pushErrorScope(filter: "out-of-memory" | "validation"): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

/** A `GPUBuffer`. */
export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number): Promise<unknown>;
  getMappedRange(): ArrayBuffer;
  destroy(): void;
}

/** A `GPUComputePipeline`. */
export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

/** A `GPUCommandEncoder`. */
export interface GpuEncoder {
  beginComputePass(): GpuPass;
  copyBufferToBuffer(
    from: GpuBuffer,
    fromOffset: number,
    to: GpuBuffer,
    toOffset: number,
    bytes: number,
  ): unknown;
  clearBuffer(buffer: GpuBuffer): unknown;
  finish(): object;
}

/** A `GPUComputePassEncoder`. */
export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): unknown;
  setBindGroup(index: number, group: object): unknown;
  dispatchWorkgroups(x: number, y?: number): unknown;
  end(): unknown;
}
