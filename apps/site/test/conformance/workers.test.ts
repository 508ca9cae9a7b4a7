import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nuts, sample } from "@basin/samplers";
import type { Browser, Page } from "playwright-core";
import { build, defaultClientConditions } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "../chromium.ts";
import { answers } from "../fixtures/workers/answers.ts";
import energy from "../fixtures/workers/energy.ts";
import { serveFolder } from "../static-server.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: the web workers are not tried (BASIN_CHROMIUM names one)");

interface Window {
  draw(options: object): Promise<number[][]>;
  add(values: readonly number[]): Promise<number[]>;
  answer(name: string): Promise<unknown>;
  trainOn(workers: number): Promise<{ engine: string; losses: number[]; weights: number[][] }>;
}

/** Bundles a page of fixtures and opens it; `ready` is the function that it offers once it runs. */
function bundledPage(fixture: string, ready: string): () => Page {
  const folder = mkdtempSync(join(tmpdir(), `basin-${fixture}-`));
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await build({
      configFile: false,
      root: join(import.meta.dirname, "../fixtures", fixture),
      logLevel: "error",
      resolve: { conditions: ["@basin/source", ...defaultClientConditions] },
      worker: { format: "es" },
      build: { outDir: folder, emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 4000 },
    });
    server = await serveFolder(folder);
    browser = await launchChromium(executable as string);
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

describe.skipIf(executable === undefined)("joint training in web workers, bundled, in chromium", () => {
  const page = bundledPage("jem", "trainOn");

  test("gives the numbers that the page gives alone, on the compiled kernel", async () => {
    const runOn = (workers: number) =>
      page().evaluate((n) => (globalThis as unknown as Window).trainOn(n), workers);
    const [alone, shared] = [await runOn(1), await runOn(2)];
    expect(alone.engine).toBe("dense");
    expect(alone.losses).toHaveLength(60);
    expect(alone.losses[58]).toBeLessThan(alone.losses[0]);
    expect(shared).toEqual(alone);
  });
});

describe.skipIf(executable === undefined)("chains in web workers, bundled, in chromium", () => {
  const options = { seed: 12, chains: 3, warmup: 200, draws: 150 };
  const page = bundledPage("workers", "draw");

  test("give the bits that one thread of Node gives", async () => {
    const { chains } = await sample(energy, nuts(), options);
    const drawn = await page().evaluate((o) => (globalThis as unknown as Window).draw(o), options);
    expect(drawn).toEqual(chains.map(({ positions }) => [...positions]));
  });

  test("name the chain and step where an energy throws", async () => {
    const failure = page().evaluate((o) => (globalThis as unknown as Window).draw(o), {
      ...options,
      export: "failing",
      draws: 5000,
    });
    await expect(failure).rejects.toThrow(/chain \d, (warm-up )?step \d+: lookup failed/);
  });

  test.each(Object.keys(answers) as (keyof typeof answers)[])(
    "%s answers as in one thread of Node",
    async (name) => {
      const alone = await answers[name]({});
      expect(await page().evaluate((n) => (globalThis as unknown as Window).answer(n), name)).toEqual(alone);
    },
  );

  test("keep their state between the calls of a pool", async () => {
    expect(await page().evaluate((v) => (globalThis as unknown as Window).add(v), [1, 10])).toEqual([11, 22]);
  });
});
