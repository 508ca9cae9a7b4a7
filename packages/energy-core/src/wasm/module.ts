import { CapabilityError, CostError } from "../errors.ts";
import { base64Bytes } from "./base64.ts";

/** The part of `WebAssembly.Memory` that kernels use. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** One instance of a kernel's module with a memory of its own. */
export interface WasmInstance<E> {
  /** The kernel's functions. */
  readonly exports: E;
  /** Its memory, all of it the caller's from byte 0 on. */
  readonly memory: WasmMemory;
}

/** A module inlined in a generated source file: compiled on first use, once, whatever the number of instances. */
export interface WasmModule<E> {
  /**
   * Resolves to a new instance whose memory holds at least `bytes` bytes.
   *
   * @throws {CapabilityError} where WebAssembly with SIMD is missing or forbidden.
   * @throws {CostError} when so much memory is not to be had (4 GiB is the limit of the format).
   */
  instantiate(bytes: number): Promise<WasmInstance<E>>;
  /** The same at once, for callers that cannot wait; browsers compile on the calling thread then. */
  instantiateSync(bytes: number): WasmInstance<E>;
  /**
   * The same at once over a memory that is there already, whose owner keeps it: the functions touch what pointers name,
   * nothing else.
   *
   * @throws {CapabilityError} where WebAssembly with SIMD is missing or forbidden, or the memory is shared between
   * threads.
   */
  instantiateOver(memory: object): E;
}

// The library is compiled without DOM types, and the global may be missing altogether.
interface Api {
  Memory: new (descriptor: { initial: number }) => WasmMemory;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: object }>;
}

const PAGE = 65536;
const MAXIMUM_PAGES = 65536;

/** Returns the module whose bytes `base64` holds, as `build-wasm` writes it; `E` is the type of its exports. */
export function wasmModule<E extends object>(base64: string): WasmModule<E> {
  let compiled: object | undefined;
  let compiling: Promise<object> | undefined;
  return {
    async instantiate(bytes) {
      const api = webAssembly();
      if (compiled === undefined) {
        compiling ??= api.compile(base64Bytes(base64));
        compiled = await compiling.catch((cause: unknown) => refuse(cause));
      }
      const memory = allocate(api, bytes);
      const { exports } = await api.instantiate(compiled, { env: { memory } });
      return { exports: exports as E, memory };
    },
    instantiateSync(bytes) {
      const memory = allocate(webAssembly(), bytes);
      return { exports: over(memory), memory };
    },
    instantiateOver: over,
  };

  function over(memory: object): E {
    const api = webAssembly();
    try {
      compiled ??= new api.Module(base64Bytes(base64));
      return new api.Instance(compiled, { env: { memory } }).exports as E;
    } catch (cause) {
      return refuse(cause);
    }
  }
}

/**
 * Returns an instance of a module that was written just now, with a memory of at least `size` bytes.
 *
 * @param imports returns what it imports beside `env.memory`, all from `env`.
 * @throws {CapabilityError} where WebAssembly with SIMD is missing or forbidden, {CostError} when so much memory is not
 * to be had.
 */
export function instantiateModule<E extends object>(
  bytes: Uint8Array,
  size: number,
  imports: (memory: WasmMemory) => object,
): WasmInstance<E> {
  const api = webAssembly();
  const memory = allocate(api, size);
  try {
    const module = new api.Module(bytes);
    const instance = new api.Instance(module, { env: { ...imports(memory), memory } });
    return { exports: instance.exports as E, memory };
  } catch (cause) {
    return refuse(cause);
  }
}

function webAssembly(): Api {
  const api = (globalThis as { WebAssembly?: Api }).WebAssembly;
  if (api === undefined) throw new CapabilityError("WebAssembly is not available here");
  return api;
}

function refuse(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new CapabilityError(`WebAssembly with SIMD is not available here: ${reason}`, { cause });
}

function allocate(api: Api, bytes: number): WasmMemory {
  const initial = Math.max(1, Math.ceil(bytes / PAGE));
  if (!(initial <= MAXIMUM_PAGES)) {
    throw new CostError(`a kernel memory of ${bytes} bytes is beyond the 4 GiB that WebAssembly can address`);
  }
  try {
    return new api.Memory({ initial });
  } catch (cause) {
    throw new CostError(`no memory for a kernel of ${bytes} bytes`, { cause });
  }
}
