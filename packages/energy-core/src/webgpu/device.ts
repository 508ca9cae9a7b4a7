import { checkOptions } from "../check-options.ts";
import { CapabilityError, checkKind } from "../errors.ts";
import { nodeModule } from "../run/platform.ts";
import type { Adapter, GpuDevice, GpuEntry } from "./types.ts";

/** Where {@link gpuDevice} looks. */
export interface GpuDeviceOptions {
  /** Where adapters come from. Default: `navigator.gpu`, and in Node npm's package `webgpu`, if it is installed. */
  gpu?: GpuEntry;
  /** Which of two adapters is wanted. Default "high-performance". */
  powerPreference?: "high-performance" | "low-power";
}

/** A device, and the words that its adapter describes it in. */
export interface FoundGpu {
  readonly device: GpuDevice;
  /** Vendor, architecture, device and driver, as far as the platform tells. */
  readonly description: string;
}

const platform = globalThis as {
  navigator?: { gpu?: GpuEntry };
  process?: { versions?: { node?: string }; cwd?(): string };
};

/** What each device came from: Dawn for Node ends the process when that is collected before the device. */
const origins = new WeakMap<GpuDevice, readonly object[]>();
let kept: GpuEntry | undefined;
let shared: Promise<FoundGpu> | undefined;

/**
 * Resolves to a GPU device of this machine and its description: of `navigator.gpu` in a browser, of npm's package
 * `webgpu` in Node, which is not a dependency of Basin and has to be installed beside it. Without options all callers
 * share one device until it is lost. It may hold buffers as large as its adapter can.
 *
 * @example
 * ```ts no-run
 * import { gpuDevice } from "@basin/energy-core/webgpu";
 *
 * const { device, description } = await gpuDevice();
 * console.log(description);
 * device.destroy();
 * ```
 *
 * @throws {CapabilityError} where there is none, saying what is missing.
 */
export function gpuDevice(options: GpuDeviceOptions = {}): Promise<FoundGpu> {
  checkOptions("gpuDevice", options, "gpu powerPreference");
  if (options.gpu !== undefined)
    checkKind(
      "gpu",
      options.gpu,
      typeof options.gpu?.requestAdapter === "function",
      "a GPU such as navigator.gpu",
    );
  if (options.gpu !== undefined || options.powerPreference !== undefined) return request(options);
  if (shared !== undefined) return shared;
  const found = request(options);
  const forget = () => {
    if (shared === found) shared = undefined;
  };
  shared = found;
  found.then(({ device }) => device.lost.then(forget), forget);
  return found;
}

async function request({ gpu, powerPreference = "high-performance" }: GpuDeviceOptions): Promise<FoundGpu> {
  const entry = gpu ?? platform.navigator?.gpu ?? (await installed());
  const adapter = (await entry.requestAdapter({ powerPreference })) as Adapter | null;
  if (adapter === null) {
    throw new CapabilityError(
      "WebGPU is here, but finds no adapter: no GPU, or no driver that it can use (on Linux Vulkan's loader, libvulkan1, and the driver's ICD file)",
    );
  }
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  origins.set(device, [entry, adapter]);
  return { device, description: describe(adapter) };
}

function describe({ info }: Adapter): string {
  const { vendor, architecture, device, description } = info ?? {};
  const words = [vendor, architecture, device, description].filter(Boolean);
  return words.length === 0 ? "an adapter without a description" : words.join(" ");
}

/** The user's own install of npm's package: seen from this module, or from the folder that the program runs in. */
async function installed(): Promise<GpuEntry> {
  if (kept !== undefined) return kept;
  if (platform.process?.versions?.node === undefined) {
    throw new CapabilityError(
      "this browser has no WebGPU (navigator.gpu): use a recent one, on a page from https or localhost",
    );
  }
  const found = await Promise.any([importNamed("webgpu"), importFromHere("webgpu")]).catch((cause) => {
    throw new CapabilityError(
      "a GPU needs npm's package webgpu beside Basin, and it is not installed: npm install webgpu",
      { cause },
    );
  });
  kept = found.create([]);
  return kept;
}

interface NodeWebGpu {
  create(flags: string[]): GpuEntry;
}

function importNamed(name: string): Promise<NodeWebGpu> {
  return import(/* @vite-ignore */ name) as Promise<NodeWebGpu>;
}

async function importFromHere(name: string): Promise<NodeWebGpu> {
  const { createRequire } = nodeModule<{ createRequire(from: string): { resolve(name: string): string } }>(
    "module",
    "a package by name",
  );
  const { pathToFileURL } = nodeModule<{ pathToFileURL(path: string): { href: string } }>(
    "url",
    "a package by name",
  );
  return importNamed(pathToFileURL(createRequire(`${platform.process?.cwd?.()}/`).resolve(name)).href);
}
