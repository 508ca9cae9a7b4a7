import { globSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildSite } from "../build-site.ts";
import { findChromium, launchChromium } from "../chromium.ts";
import { serveFolder } from "../static-server.ts";

const executable = findChromium();

describe.skipIf(executable === undefined)("the built site, served as static files, in chromium", () => {
  let site: ReturnType<typeof buildSite>;
  let server: Awaited<ReturnType<typeof serveFolder>>;
  let browser: Browser;

  beforeAll(async () => {
    site = buildSite();
    server = await serveFolder(site.folder);
    browser = await launchChromium(executable as string);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    site?.remove();
  });

  test("every page, and one in fifty of the reference, loads under its policy without a complaint and without a request elsewhere", async () => {
    const complaints: string[] = [];
    const page = await browser.newPage();
    page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => complaints.push(`${page.url()}: ${message.type()}: ${message.text()}`));
    page.on("response", (response) => {
      if (!response.ok()) complaints.push(`${page.url()}: ${response.status()} ${response.url()}`);
    });
    page.on("request", (request) => {
      const elsewhere = !request.url().startsWith(server.address) && !/^(data|blob):/.test(request.url());
      if (elsewhere) complaints.push(`${page.url()}: asks ${request.url()}`);
    });
    const routes = globSync("**/index.html", { cwd: site.folder }).map((file) =>
      file.replace(/index\.html$/, ""),
    );
    const members = routes.filter((route) => /^reference\/.*\/(?!index)/.test(route));
    const visited = routes.filter((route) => !members.includes(route) || members.indexOf(route) % 50 === 0);
    expect(members.length).toBeGreaterThan(500);
    for (const route of visited) {
      await page.goto(server.address + route, { waitUntil: "load" });
      expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').count(), route).toBe(1);
    }
    expect(complaints).toEqual([]);
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

  test("the search finds what is R-hat", async () => {
    const page = await browser.newPage();
    await page.goto(server.address);
    await page.click("button[data-open-modal]");
    await page.fill(".pagefind-ui__search-input", "R-hat");
    await page.waitForSelector(".pagefind-ui__result-link");
    const links = await page.locator(".pagefind-ui__result-link").allTextContents();
    expect(links.join()).toMatch(/sampler/i);
    await page.close();
  });
});
