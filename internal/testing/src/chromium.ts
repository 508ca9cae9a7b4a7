import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Milliseconds that a test in a page waits for what must come: enough for a machine that is busy with other tests. */
export const patience = 120_000;

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

/** Starts it without a window and without any traffic of its own. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath, headless: true, args, timeout: patience });
}
