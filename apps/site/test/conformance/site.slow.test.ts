import { globSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { findChromium, launchChromium, patience } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import type { Browser, Page, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildSite } from "../build-site.ts";
import { expectSound } from "../demos/on-demo.ts";

const executable = findChromium();
/** The front page, and two pages of the course, a demo, a guide, a page in depth and one of the reference. */
const kinds = [
  "",
  "course/training/",
  "course/jem/",
  "demos/jem/",
  "guides/questions/",
  "samplers/",
  "reference/samplers/functions/nuts/",
];
const figures: Readonly<Record<string, string>> = {
  "course/energy/": "basin-landscape",
  "course/six-uses/": "basin-uses",
  "course/gibbs/": "basin-gibbs",
  "course/training/": "basin-push",
  "course/jem/": "basin-shift",
  "course/open-questions/": "basin-chart",
};
const heaviest = 250_000;

describe.skipIf(executable === undefined)("the built site, served as static files, in chromium", () => {
  let site: ReturnType<typeof buildSite>;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;

  beforeAll(async () => {
    site = buildSite();
    server = await serveFolder(site.folder);
    browser = await launchChromium(executable as string);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    site?.remove();
  });

  /** Runs `visit` on a page, and fails on what the page complains about and on what it asks of others. */
  async function onPage(
    look: { width?: number; scheme?: "light" | "dark" },
    visit: (page: Page) => Promise<void>,
  ): Promise<void> {
    const { width = 1440, scheme = "light" } = look;
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    page.setDefaultTimeout(patience);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => complaints.push(`${page.url()}: ${message.type()}: ${message.text()}`));
    page.on("response", (response) => {
      if (!response.ok()) complaints.push(`${page.url()}: ${response.status()} ${response.url()}`);
    });
    page.on("request", (request) => {
      const elsewhere = !request.url().startsWith(server.address) && !/^(data|blob):/.test(request.url());
      if (elsewhere) complaints.push(`${page.url()}: asks ${request.url()}`);
    });
    await visit(page);
    await page.close();
    expect(complaints).toEqual([]);
  }

  test("every page, and one in fifty of the reference, loads under its policy without a complaint", async () => {
    const routes = globSync("**/index.html", { cwd: site.folder }).map((file) =>
      file.replace(/index\.html$/, ""),
    );
    const members = routes.filter((route) => /^reference\/.*\/(?!index)/.test(route));
    const visited = routes.filter((route) => !members.includes(route) || members.indexOf(route) % 50 === 0);
    expect(members.length).toBeGreaterThan(500);
    await onPage({}, async (page) => {
      for (const route of visited) {
        await page.goto(server.address + route, { waitUntil: "load" });
        expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').count(), route).toBe(1);
      }
    });
  });

  test("a script that no build wrote does not run", async () => {
    const page = await browser.newPage();
    await page.goto(server.address);
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "globalThis.intruder = true";
      document.head.append(script);
      return "intruder" in globalThis;
    });
    expect(ran).toBe(false);
    await page.close();
  });

  test.each(kinds)(
    "/%s is sound on phones and desks, in the light and the dark, and no heavy load",
    async (route) => {
      for (const [width, scheme] of [
        [390, "dark"],
        [1440, "light"],
      ] as const) {
        await onPage({ width, scheme }, async (page) => {
          const sizes: Promise<number>[] = [];
          const weigh = (response: Response) => {
            sizes.push(response.body().then((body) => gzipSync(body).length));
          };
          page.on("response", weigh);
          await page.goto(server.address + route, { waitUntil: "networkidle" });
          page.off("response", weigh);
          const weight = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
          expect(weight).toBeGreaterThan(10_000);
          expect(weight).toBeLessThan(heaviest);
          await expectSound(page);
        });
      }
    },
  );

  test.each(Object.entries(figures))("the figure of /%s answers its reader", async (route, name) => {
    await onPage({}, async (page) => {
      await page.goto(server.address + route);
      const figure = page.locator(name).first();
      await figure.scrollIntoViewIfNeeded();
      const words = figure.locator(".status");
      await page.waitForFunction(
        (tag) => document.querySelector(tag)?.shadowRoot?.querySelector(".status")?.textContent !== "",
        name,
      );
      const before = await words.textContent();
      if (name === "basin-push") await figure.locator("button", { hasText: "100 updates" }).click();
      else if (name === "basin-chart") await figure.locator("label", { hasText: "AUROC" }).click();
      else {
        await figure.locator("input").first().focus();
        await page.keyboard.press("End");
      }
      await expect.poll(() => words.textContent(), { timeout: patience }).not.toBe(before);
    });
  });

  test.each([
    ["outliers of my tfjs model", /outlier/i],
    ["what is R-hat", /R-hat/],
    ["solve my QUBO file", /QUBO/],
    ["options nuts", /nuts/i],
    ["why does Hebb fail on digits", /Hebb/],
  ])("one search answers «%s»", async (question, answer) => {
    await onPage({}, async (page) => {
      await page.goto(server.address);
      await page.click("button[data-open-modal]");
      await page.fill(".pagefind-ui__search-input", question);
      // Results are filled in one after another.
      const first = async () => {
        const results = await page.locator(".pagefind-ui__result").allTextContents();
        return results.slice(0, 3).join();
      };
      await expect.poll(first, { timeout: patience }).toMatch(answer);
    });
  });
});
