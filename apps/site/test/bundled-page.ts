import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build, defaultClientConditions } from "vite";
import { afterAll, beforeAll } from "vitest";
import { launchChromium } from "./chromium.ts";
import { serveFolder } from "./static-server.ts";

/** Bundles a page of fixtures before all tests of a suite and opens it in a browser; `ready` is the function that it offers once it runs. */
export function bundledPage(executable: string, fixture: string, ready: string): () => Page {
  const folder = mkdtempSync(join(tmpdir(), `basin-${fixture}-`));
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await build({
      configFile: false,
      root: join(import.meta.dirname, "fixtures", fixture),
      logLevel: "error",
      resolve: { conditions: ["@basin/source", ...defaultClientConditions] },
      worker: { format: "es" },
      build: { outDir: folder, emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 4000 },
    });
    server = await serveFolder(folder);
    browser = await launchChromium(executable);
    page = await browser.newPage();
    await page.goto(server.address);
    await page.waitForFunction((name) => name in globalThis, ready);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => page;
}
