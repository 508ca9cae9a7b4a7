import { existsSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What npm's package `webgpu` exports, as far as tests look. */
interface NodeWebGpu {
  create(flags: string[]): { requestAdapter(): Promise<{ requestDevice(): Promise<unknown> } | null> };
}

/** The folder that npm's `webgpu` is installed in: no package depends on it, because it is 132 MB. */
const folder = process.env.BASIN_WEBGPU ?? join(homedir(), ".cache/basin/webgpu");
const entry = join(folder, "node_modules/webgpu/index.js");
/** The driver of chromium's own software GPU. */
const icd = process.env.VK_ICD_FILENAMES ?? "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Kept for good: Dawn's devices do not outlive it. */
let gpu: ReturnType<NodeWebGpu["create"]> | undefined;

/**
 * Resolves to what makes a device of chromium's software GPU, SwiftShader, or undefined where that or npm's `webgpu` is
 * missing: tests then skip, and say what to install.
 */
export async function softwareGpu(): Promise<(() => Promise<never>) | undefined> {
  if (!existsSync(entry) || !existsSync(icd)) {
    console.warn(
      `no software GPU: tests on it are skipped (npm install --prefix ${folder} webgpu, and chromium's ${icd}; BASIN_WEBGPU and VK_ICD_FILENAMES name others)`,
    );
    return undefined;
  }
  process.env.VK_ICD_FILENAMES = icd;
  // Vulkan's loader wants one, and does not care which.
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
  mkdirSync(process.env.XDG_RUNTIME_DIR, { recursive: true });
  const { create } = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as NodeWebGpu;
  gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null)
    throw new Error("WebGPU is installed, and finds no adapter: is Vulkan's loader there?");
  return async () => {
    const own = await (gpu as NonNullable<typeof gpu>).requestAdapter();
    return (await own?.requestDevice()) as never;
  };
}

/** Returns a device that counts the buffers it has, and how many it has had. */
export function counted<D extends object>(device: D): { device: D; live(): number; made(): number } {
  const own = device as { createBuffer(of: object): { destroy(): void } };
  const create = own.createBuffer.bind(own);
  const all = new Set<object>();
  let made = 0;
  own.createBuffer = (of) => {
    const buffer = create(of);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      all.delete(buffer);
      destroy();
    };
    all.add(buffer);
    made++;
    return buffer;
  };
  return { device, live: () => all.size, made: () => made };
}

/** Returns the device as one that binds and holds at most so many bytes in a buffer. */
export function limitedTo<D extends object>(device: D, bytes: number): D {
  return new Proxy(device, {
    get(target, name) {
      if (name === "limits") return { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: bytes };
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
