import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium, launchChromium, patience } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { buildElement, standaloneDemos } from "../../elements.ts";
import { until } from "../demos/on-demo.ts";
import { bitmapFile, modelFiles, payload } from "../demos/outliers/files.ts";

const executable = findChromium();

/** What a page says to have each, and what shows that it computes. */
const elements: Readonly<Record<string, { attributes: string; works: (page: Page) => Promise<void> }>> = {
  magnet: {
    attributes: 'temperature="1" size="64" start="ordered"',
    works: (page) => until(page, (root) => Number(root.querySelector("canvas")?.dataset.order) > 0.95),
  },
  memory: {
    attributes: 'load="3"',
    works: (page) => until(page, (root) => Number(root.querySelector("canvas")?.dataset.overlap) > 0.999),
  },
  samplers: {
    attributes: 'target="banana"',
    works: (page) => until(page, (root) => Number(root.querySelector("canvas")?.dataset.count) > 10),
  },
  learn: {
    attributes: 'updates="500"',
    works: (page) => until(page, (root) => root.querySelector(".verdict")!.textContent!.startsWith("KL")),
  },
  jem: {
    attributes: 'picture="8"',
    async works(page) {
      await page.click("basin-jem .start button");
      await until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.class === "7");
    },
  },
  outliers: {
    attributes: "",
    async works(page) {
      const put = async (box: string, files: readonly File[]) =>
        page
          .locator(`section[aria-label="${box}"] input`)
          .first()
          .setInputFiles(await Promise.all(files.map(payload)));
      await put("Your model", modelFiles("model.json", "weights.bin"));
      await put("Images to judge", [bitmapFile("blank.bmp", new Uint8Array(784), 28)]);
      await page.click("basin-outliers button.primary");
      await until(page, (root) => root.querySelectorAll(".cards li").length === 1);
    },
  },
  solver: {
    attributes: 'puzzle="cut" size="10" seconds="0.5"',
    works: (page) =>
      until(page, (root) => root.querySelector<HTMLElement>(".verdict")?.dataset.agrees === "yes"),
  },
};

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(executable === undefined)("an element as a file to copy", () => {
  test("is every demo", () => {
    expect(Object.keys(elements).sort()).toEqual([...standaloneDemos].sort());
  });

  test.each(Object.entries(elements))(
    "runs on a page of another origin, under that page's policy: %s",
    async (name, { attributes, works }) => {
      const [files, pages] = ["element", "page"].map((what) => mkdtempSync(join(tmpdir(), `basin-${what}-`)));
      folders.push(files, pages);
      await buildElement(name, files);
      expect(readdirSync(files)).toEqual([`basin-${name}.js`]);
      const [host, other] = [await serveFolder(files, { shared: true }), await serveFolder(pages)];
      const policy = `default-src 'none'; script-src ${host.address} 'wasm-unsafe-eval'; worker-src blob:; img-src data:`;
      writeFileSync(
        join(pages, "index.html"),
        `<!doctype html><html lang="en"><meta charset="utf-8"><title>Elsewhere</title><link rel="icon" href="data:,">
        <meta http-equiv="Content-Security-Policy" content="${policy}">
        <script type="module" src="${host.address}basin-${name}.js"></script>
        <main><basin-${name} ${attributes}></basin-${name}></main>`,
      );
      const browser = await launchChromium(executable as string);
      const page = await browser.newPage();
      page.setDefaultTimeout(patience);
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(other.address);
      await works(page);
      const style = await page.evaluate((tag) => {
        const demo = document.querySelector(tag)!.shadowRoot!.querySelector(".demo")!;
        return getComputedStyle(demo).display;
      }, `basin-${name}`);
      expect(style).toBe("grid");
      expect(complaints).toEqual([]);
      await browser.close();
      await Promise.all([host.close(), other.close()]);
    },
  );
});
