import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findChromium, launchChromium } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import type { Page } from "playwright-core";
import { build } from "vite";
import { emptyProject, npm } from "./npm.ts";
import { run } from "./run.ts";
import type { Tarball } from "./tarball.ts";

/** What each program of `examples/` prints when it is right. */
export const programs: Readonly<Record<string, RegExp>> = {
  "eight-schools": /^│ mu +│ 4\.\d/m,
  "energy-net": /█{6,}/,
  icons: /\.\.###\.\..*#######.*house 1\.00/s,
  knapsack: /^tent, stove, rope, lamp, map worth 27 exact$/m,
  magnetization: /^1\.8 █{48}◆ +0\.95\d/m,
  outliers: /^\d(\.\d)? % of fresh points ([3-9]\d|100)/m,
  "own-spins": /^E = -11\.9\d\d ± 0\.\d{3}, exactly -11\.974$/m,
  "rbm-anomalies": /auroc: 0\.9/,
  "six-tasks": /^classify 0\n.*###\.#\.\.#\..*#\.\.#\.\.###.*#\.#\.#\.#\.#.*false true$/ms,
};

/** What is done on each page, and what it then shows. */
export const pages: Readonly<Record<string, { act?: (page: Page) => Promise<void>; shows: RegExp }>> = {
  "max-cut-page": { shows: /^a cut of 14\d\d, at most 16\d\d$/ },
  "outliers-page": {
    act: (page) => page.locator("input").fill("#808080"),
    shows: /^unlike the colors that it knows$/,
  },
};

/** Installs all packages and tfjs into one project, with the examples. */
export async function installExamples(
  examples: string,
  all: readonly Tarball[],
  folder: string,
): Promise<void> {
  emptyProject(folder);
  for (const name of readdirSync(examples)) {
    if (name.endsWith(".ts") || name.endsWith("-page"))
      cpSync(join(examples, name), join(folder, name), { recursive: true });
  }
  const libraries = all.filter(({ manifest }) => manifest.exports).map(({ file }) => file);
  const tensors = ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"];
  await npm(folder, ["install", ...libraries, ...tensors]);
}

/** @throws Error when a program prints something else than it should. */
export async function runProgram(folder: string, name: string, node: string): Promise<void> {
  const printed = await run(node, ["--disable-warning=ExperimentalWarning", `${name}.ts`], folder);
  if (!programs[name].test(printed)) throw new Error(`expected ${programs[name]}, it prints:\n${printed}`);
}

/** @throws Error when a page, bundled by Vite, logs an error or does not come to show what it should. */
export async function openPage(folder: string, name: string): Promise<void> {
  const executable = findChromium();
  if (executable === undefined) throw new Error("pages need a chromium, which is not installed");
  const root = join(folder, name);
  writeFileSync(join(root, "index.html"), '<!doctype html><script type="module" src="./page.ts"></script>');
  await build({
    ...{ root, configFile: false, logLevel: "silent", worker: { format: "es" } },
    build: { outDir: join(root, "dist"), target: "es2023" },
  });
  const [server, browser] = [await serveFolder(join(root, "dist")), await launchChromium(executable)];
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(server.address);
    const { act, shows } = pages[name];
    await act?.(page);
    await page
      .getByText(shows)
      .waitFor({ timeout: 60_000 })
      .catch(async () => {
        const shown = await page.locator("body").textContent();
        throw new Error(`expected ${shows}, it shows: ${shown}\n${errors.join("\n")}`);
      });
    if (errors.length > 0) throw new Error(errors.join("\n"));
  } finally {
    await browser.close();
    await server.close();
  }
}
