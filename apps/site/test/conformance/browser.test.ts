import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createLattice, squareLattice } from "@basin/ising";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "../chromium.ts";
import { serveFolder } from "../static-server.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: the browser test is skipped (BASIN_CHROMIUM names one)");

describe.skipIf(executable === undefined)("the built site, served as static files, in chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-site-"));
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;

  beforeAll(async () => {
    const root = resolve(import.meta.dirname, "../..");
    await build({ root, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
    server = await serveFolder(folder);
    browser = await launchChromium(executable as string);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs `visit` on a fresh page, and fails on anything the page complains about. */
  async function onPage(
    fragment: string,
    options: { calm?: boolean; width?: number },
    visit: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({
      reducedMotion: options.calm ? "reduce" : "no-preference",
      viewport: { width: options.width ?? 1200, height: 800 },
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() !== "log") complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("response", (response) => {
      if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(server.address + fragment);
    await page.waitForFunction(() => document.getElementById("status")?.textContent !== "");
    await visit(page);
    await context.close();
    expect(complaints).toEqual([]);
  }

  test("melts an ordered magnet when it is heated", async () => {
    await onPage("#temperature=1&size=64&start=ordered", {}, async (page) => {
      const magnetization = () => page.textContent("#m-now").then(Number);
      await page.waitForFunction(
        () => Number(document.getElementById("sweeps")?.textContent?.split(" ")[0]) > 20,
      );
      expect(await magnetization()).toBeGreaterThan(0.95);
      await page.focus("#temperature");
      await page.keyboard.press("End");
      await page.waitForFunction(() => Number(document.getElementById("m-now")?.textContent) < 0.3);
      expect(await page.textContent("#m-exact")).toBe("0");
      expect(page.url()).toContain("temperature=4");
    });
  });

  test.each(["metropolis", "heat-bath", "wolff"] as const)(
    "%s gives the bits that Node gives",
    async (algorithm) => {
      const fragment = `#temperature=2.4&size=64&start=random&seed=7&speed=3&algorithm=${algorithm}`;
      await onPage(fragment, { calm: true }, async (page) => {
        for (let step = 0; step < 5; step++) await page.click("#step");
        const sweeps = Number((await page.textContent("#sweeps"))?.split(" ")[0]);
        expect(sweeps).toBeGreaterThan(0);
        const lattice = await createLattice(squareLattice(64), { algorithm, start: "random", seed: 7 });
        if (algorithm === "wolff") lattice.settle();
        lattice.sweep(sweeps, { temperature: 2.4 });
        expect(await spinsOf(page)).toEqual([...lattice.spins()]);
        expect(await page.textContent("#repeat-code")).toContain(
          `// ${lattice.magnetization} ${lattice.energy}`,
        );
      });
    },
  );

  test("takes a seed, refuses a wrong one, and does not leave the page on Enter", async () => {
    await onPage("#size=64", { calm: true }, async (page) => {
      await page.fill("#seed", "12");
      await page.press("#seed", "Enter");
      await page.waitForFunction(() => location.hash.includes("seed=12"));
      await page.fill("#seed", "-5");
      await page.press("#seed", "Enter");
      expect(await page.inputValue("#seed")).toBe("12");
      expect(new URL(page.url()).search).toBe("");
    });
  });

  test("starts paused where less motion is asked for, and runs when told to", async () => {
    await onPage("#size=64", { calm: true }, async (page) => {
      expect(await page.textContent("#sweeps")).toBe("0 sweeps");
      await page.click("#run");
      await page.waitForFunction(() => document.getElementById("sweeps")?.textContent !== "0 sweeps");
    });
  });

  test("fits a phone, and every control has a name", async () => {
    await onPage("", { width: 360 }, async (page) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLInputElement>("input, button")]
          .filter((control) => !control.textContent?.trim() && !control.ariaLabel && !control.labels?.length)
          .map((control) => control.outerHTML),
      );
      expect(nameless).toEqual([]);
    });
  });
});

/** Reads the spins back from the picture. */
function spinsOf(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.getElementById("lattice") as HTMLCanvasElement;
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const up = getComputedStyle(canvas).getPropertyValue("--up");
    const hex = (i: number) => pixels[i].toString(16).padStart(2, "0");
    return Array.from({ length: pixels.length / 4 }, (_, i) =>
      `#${hex(4 * i)}${hex(4 * i + 1)}${hex(4 * i + 2)}` === up ? 1 : -1,
    );
  });
}
