import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findChromium, launchChromium, patience } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import { build, defaultClientConditions } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: entries are not loaded in a page (BASIN_CHROMIUM names one)");

const site = resolve(import.meta.dirname, "../..");
const entries = ["energy-core", "samplers", "ising", "hopfield", "jem"].flatMap((name) => {
  const manifest = JSON.parse(readFileSync(join(site, "../../packages", name, "package.json"), "utf8"));
  return Object.keys(manifest.exports)
    .filter((path) => !path.endsWith(".json"))
    .map((path) => `@basin/${name}${path.slice(1)}`);
});

describe.skipIf(executable === undefined)("every entry, bundled, in chromium", () => {
  const folder = mkdtempSync(join(site, ".entries-"));
  const warnings: string[] = [];
  let failures: Record<string, string>;

  beforeAll(async () => {
    const loads = entries.map((entry) => `${JSON.stringify(entry)}: () => import(${JSON.stringify(entry)})`);
    writeFileSync(join(folder, "index.html"), '<script type="module" src="./main.ts"></script>');
    writeFileSync(join(folder, "main.ts"), `globalThis.loads = {\n${loads.join(",\n")}\n};`);
    await build({
      configFile: false,
      root: folder,
      logLevel: "silent",
      resolve: { conditions: ["@basin/source", ...defaultClientConditions] },
      worker: { format: "es" },
      build: {
        outDir: join(folder, "dist"),
        target: "es2023",
        modulePreload: false,
        chunkSizeWarningLimit: 5000,
        rolldownOptions: { onwarn: (warning) => warnings.push(warning.message) },
      },
    });
    const server = await serveFolder(join(folder, "dist"));
    const browser = await launchChromium(executable as string);
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(patience);
      await page.goto(server.address);
      await page.waitForFunction(() => "loads" in globalThis);
      failures = await page.evaluate(async () => {
        const { loads } = globalThis as unknown as { loads: Record<string, () => Promise<unknown>> };
        const failed: Record<string, string> = {};
        for (const [entry, load] of Object.entries(loads))
          await load().catch((error: Error) => Object.assign(failed, { [entry]: error.message }));
        return failed;
      });
    } finally {
      await browser.close();
      await server.close();
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(entries)("%s loads", (entry) => {
    expect(failures[entry]).toBeUndefined();
  });

  test("the bundler has nothing to warn of", () => {
    expect(warnings).toEqual([]);
  });
});
