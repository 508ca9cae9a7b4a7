import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { launchChromium, patience } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import type { Browser, Page } from "playwright-core";
import { build, defaultClientConditions, type InlineConfig } from "vite";
import { afterAll, beforeAll, expect } from "vitest";
import type { Schema } from "../../src/demos/shared/settings.ts";
import { hostileFragments } from "./hostile.ts";

const site = resolve(import.meta.dirname, "../..");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
  readonly calm?: boolean;
}

/** What the bundles of demos share; `alias` names the demo that a page of fixtures takes. */
export function bundleOf(demo: string, folder: string): InlineConfig {
  return {
    configFile: false,
    root: join(site, "test/fixtures/demos"),
    base: "./",
    logLevel: "error",
    resolve: {
      conditions: ["@basin/source", ...defaultClientConditions],
      alias: { "demo-under-test": join(site, "src/demos", demo, "element.ts") },
    },
    worker: { format: "es" },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2023",
      modulePreload: false,
      chunkSizeWarningLimit: 4000,
    },
  };
}

/**
 * Bundles a page around one demo before the tests of a suite. The function that it returns opens the page with a
 * fragment, runs `visit`, and fails on anything that the page complains about or asks another origin for.
 */
export function demoPage(executable: string, demo: string) {
  const folder = mkdtempSync(join(tmpdir(), `basin-demo-${demo}-`));
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;
  beforeAll(async () => {
    await build(bundleOf(demo, folder));
    server = await serveFolder(folder);
    browser = await launchChromium(executable);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return async (fragment: string, look: Look, visit: (page: Page) => Promise<void>): Promise<void> => {
    const context = await browser.newContext({
      viewport: { width: look.width ?? 1440, height: 900 },
      colorScheme: look.scheme ?? "light",
      reducedMotion: look.calm ? "reduce" : "no-preference",
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    const complaints = listen(page, server.address);
    await page.goto(`${server.address}?demo=${demo}${fragment}`);
    await page.waitForFunction((name) => document.querySelector(`basin-${name}`)?.shadowRoot !== null, demo);
    await visit(page);
    await context.close();
    expect(complaints).toEqual([]);
  };
}

function listen(page: Page, address: string): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on("console", (message) => {
    if (message.type() !== "log") complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith("data:") && !url.startsWith("blob:"))
      complaints.push(`another origin: ${url}`);
  });
  return complaints;
}

/** Expects that axe finds nothing serious and that nothing is wider than the page. */
export async function expectSound(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  });
  expect(violations).toEqual([]);
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(inner).toBeLessThanOrEqual(outer);
}

/**
 * Waits until `condition`, called in the page with the demo's shadow root, is true; it may use nothing from outside.
 */
export async function until(
  page: Page,
  condition: (root: ShadowRoot) => boolean,
  timeout = patience,
): Promise<void> {
  const ask = `(${condition})(document.querySelector("main > :last-child").shadowRoot)`;
  // Not waitForFunction: its polling compiles text, which the page's policy forbids.
  await expect
    .poll(() => page.evaluate(ask), { timeout, interval: 100, message: String(condition) })
    .toBe(true);
}

/** Returns the text of the first element that matches inside the demo, or of an attribute of it. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().textContent()) ?? "";
}

/** Takes the pictures that a person looks at, where `BASIN_SHOTS` names a folder for them. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.BASIN_SHOTS;
  if (folder === undefined) return;
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/**
 * Addresses that a demo reads, those of them that stand in the browser, those that it begins under, and those that the
 * browser comes to anew.
 */
const [reads, stands, begins, visits] = [10_000, 50, 10, 3];

/**
 * Brings a demo to hostile addresses, and expects that no script of theirs runs, that none becomes more than text, and
 * that no event waits a second.
 */
export async function expectHarmless(page: Page, demo: string, schema: Schema): Promise<void> {
  const fragments = hostileFragments(schema, reads, 2);
  const found = await page.evaluate(
    async ([tag, list, standing, fresh]) => {
      const find = () => document.querySelector<HTMLElement & { readAddress(fragment?: string): void }>(tag)!;
      const elements = () =>
        [...find().shadowRoot!.querySelectorAll("*")]
          .map(({ localName }) => localName)
          .sort()
          .join();
      let worst = 0;
      const lasts = async (work: () => void | Promise<void>) => {
        const began = performance.now();
        await work();
        return performance.now() - began;
      };
      const timed = async (work: () => void | Promise<void>) => {
        let least = await lasts(work);
        // What a busy machine held up is not held up each time.
        for (let again = 0; least >= 500 && again < 5; again++) least = Math.min(least, await lasts(work));
        worst = Math.max(worst, least);
      };
      const before = elements();
      for (const fragment of list) await timed(() => find().readAddress(`#${fragment}`));
      for (const fragment of list.slice(0, standing))
        await timed(() => {
          history.replaceState(null, "", `#${fragment}`);
          find().readAddress();
        });
      const after = elements();
      for (const fragment of list.slice(0, fresh))
        await timed(async () => {
          location.hash = fragment;
          const next = document.createElement(tag);
          next.setAttribute("share", "");
          find().replaceWith(next);
          await new Promise((resolve) => setTimeout(resolve, 0));
        });
      return { worst, before, after };
    },
    [`basin-${demo}`, fragments, stands, begins] as const,
  );
  expect(found.after).toBe(found.before);
  expect(found.worst).toBeLessThan(1000);
  const untouched = async () => expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false);
  await untouched();
  for (const fragment of fragments.slice(-visits)) {
    const [address] = page.url().split("#");
    // To another page first: a change of the fragment alone loads nothing.
    await page.goto("about:blank");
    await page.goto(`${address}#${fragment}`);
    await page.locator(`basin-${demo} .controls`).waitFor({ state: "attached" });
    await untouched();
  }
}

/** The widths and themes that every demo is looked at in. */
export const looks = ([390, 1440] as const).flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ width, scheme })),
);
