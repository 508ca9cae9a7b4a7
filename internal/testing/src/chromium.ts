import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Milliseconds that a test in a page waits for what must come: enough for a machine that is busy with other tests. */
export const patience = 240_000;

const names = ["chromium", "chromium-browser", "google-chrome"];

/** Returns the path of an installed chromium, `BASIN_CHROMIUM` first, or undefined where there is none. */
export function findChromium(): string | undefined {
  if (process.env.BASIN_CHROMIUM) return process.env.BASIN_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Arguments for WebGPU on the software GPU that comes with chromium, SwiftShader. */
export const webGpuArguments: readonly string[] = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
];

/** Arguments for the same on pages whose canvases of WebGPU can be read, as those of a GPU in hardware. */
export const readingArguments: readonly string[] = [
  ...webGpuArguments,
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
];

/** Starts it without a window and without any traffic of its own. */
export function launchChromium(
  executablePath: string,
  gpu: readonly string[] = ["--disable-gpu"],
): Promise<Browser> {
  const args = [
    ...gpu,
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath, headless: true, args, timeout: patience });
}
