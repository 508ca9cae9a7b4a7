import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium, patience } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import type { Page } from "playwright-core";
import { build, defaultClientConditions } from "vite";

/** A page of fixtures that is open in a browser. */
export interface OpenPage {
  readonly page: Page;
  close(): Promise<void>;
}

/** Bundles a page of fixtures and opens it in a browser; `ready` is the function that it offers once it runs. */
export async function openPage(
  executable: string,
  fixture: string,
  ready: string,
  gpu?: readonly string[],
): Promise<OpenPage> {
  const folder = mkdtempSync(join(tmpdir(), `basin-${fixture}-`));
  await build({
    configFile: false,
    root: join(import.meta.dirname, "fixtures", fixture),
    logLevel: "error",
    resolve: { conditions: ["@basin/source", ...defaultClientConditions] },
    worker: { format: "es" },
    build: { outDir: folder, emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 4000 },
  });
  const server = await serveFolder(folder);
  const browser = await launchChromium(executable, gpu);
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  await page.goto(server.address);
  await page.waitForFunction((name) => name in globalThis, ready);
  return {
    page,
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
