import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findChromium, patience } from "@basin/testing/chromium";
import { describe, expect, test } from "vitest";
import { bundledPage } from "../bundled-page.ts";
import { checksumOf, runs } from "../fixtures/streams/runs.ts";

/**
 * Frozen streams: a checksum for each run under the promise of bits. They are the same in Node and in chromium and with
 * one thread and two, and stay until a minor version says in its changelog which stream changed. BASIN_UPDATE=1 writes
 * them anew.
 */

const file = join(import.meta.dirname, "../fixtures/streams/checksums.json");
const update = process.env.BASIN_UPDATE === "1";
let frozen: Record<string, string> = JSON.parse(readFileSync(file, "utf8"));
const names = Object.keys(runs);
const inThreads = names.filter((name) => name.endsWith("in threads"));

test("as many runs are frozen as there are", async () => {
  if (update) {
    const sums: Record<string, string> = {};
    for (const name of names) sums[name] = await checksumOf(runs[name]);
    writeFileSync(file, `${JSON.stringify(sums, null, 2)}\n`);
    frozen = sums;
  }
  expect(Object.keys(frozen)).toEqual(names);
  expect(new Set(Object.values(frozen)).size).toBe(names.length);
});

describe("in Node", () => {
  test.each(names)("%s", async (name) => {
    expect(await checksumOf(runs[name])).toBe(frozen[name]);
  });

  test.each(inThreads)("with two: %s", async (name) => {
    expect(await checksumOf(runs[name], { workers: 2 })).toBe(frozen[name]);
  });
});

interface Page {
  checksum(name: string): Promise<string>;
}

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: frozen streams are not compared there (BASIN_CHROMIUM names one)");

describe.skipIf(executable === undefined)("in chromium", () => {
  const page = bundledPage(executable as string, "streams", "checksum");

  test.each(names)("%s", async (name) => {
    expect(await page().evaluate((n) => (globalThis as unknown as Page).checksum(n), name)).toBe(
      frozen[name],
    );
  });

  test("all that compute in the page, where it has no WebAssembly", async () => {
    const inPage = names.filter((name) => !inThreads.includes(name));
    const bare = await page().context().browser()!.newPage();
    bare.setDefaultTimeout(patience);
    await bare.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
    await bare.goto(page().url());
    await bare.waitForFunction(() => "checksum" in globalThis);
    const sums = await bare.evaluate(async (all) => {
      const { checksum } = globalThis as unknown as Page;
      const found: Record<string, string> = {};
      for (const name of all) found[name] = await checksum(name);
      return { hasKernels: "WebAssembly" in globalThis, found };
    }, inPage);
    await bare.close();
    const found = Object.fromEntries(inPage.map((name) => [name, frozen[name]]));
    expect(sums).toEqual({ hasKernels: false, found });
  });
});
