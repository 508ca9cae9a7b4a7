import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium, launchChromium } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import { afterAll, describe, expect, test } from "vitest";
import { buildElement } from "../../elements.ts";
import { until } from "../demos/on-demo.ts";

const executable = findChromium();
const folders = ["element", "page"].map((name) => mkdtempSync(join(tmpdir(), `basin-${name}-`)));
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(executable === undefined)("an element as a file to copy", () => {
  test("runs on a page of another origin, under that page's policy", async () => {
    const [elements, pages] = folders;
    await buildElement("magnet", elements);
    expect(readdirSync(elements)).toEqual(["basin-magnet.js"]);
    const [host, other] = [await serveFolder(elements, true), await serveFolder(pages)];
    const policy = `default-src 'none'; script-src ${host.address} 'wasm-unsafe-eval'; worker-src blob:; img-src data:`;
    writeFileSync(
      join(pages, "index.html"),
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>Elsewhere</title><link rel="icon" href="data:,">
      <meta http-equiv="Content-Security-Policy" content="${policy}">
      <script type="module" src="${host.address}basin-magnet.js"></script>
      <main><basin-magnet temperature="1" size="64" start="ordered"></basin-magnet></main>`,
    );
    const browser = await launchChromium(executable as string);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(other.address);
    await until(page, (root) => Number(root.querySelector("canvas")?.dataset.order) > 0.95);
    const style = await page.evaluate(() => {
      const demo = document.querySelector("basin-magnet")!.shadowRoot!.querySelector(".demo")!;
      return getComputedStyle(demo).display;
    });
    expect(style).toBe("grid");
    expect(complaints).toEqual([]);
    await browser.close();
    await Promise.all([host.close(), other.close()]);
  });
});
