import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { findChromium } from "@basin/testing/chromium";
import { serveFolder } from "@basin/testing/static-server";
import { buildSite } from "./test/build-site.ts";

/**
 * Prints the scores that Lighthouse gives pages of each kind as a phone sees them, the median of a few runs. The folder
 * of a built site can be named by `BASIN_SITE`.
 */

const lighthouse = "lighthouse@13.5.0";
const pages = ["", "course/jem/", "demos/magnet/", "guides/questions/", "reference/samplers/functions/nuts/"];
const categories = ["performance", "accessibility", "best-practices", "seo"];
const { values } = parseArgs({ options: { runs: { type: "string", default: "3" } } });

interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number }>>;
}

/** Returns the scores of one run, 0 to 100. */
async function scoresOf(address: string): Promise<readonly number[]> {
  const flags = ["--quiet", "--output=json", `--only-categories=${categories.join()}`];
  const chrome = "--chrome-flags=--headless=new --no-sandbox --disable-gpu";
  const { stdout } = await promisify(execFile)("npx", ["-y", lighthouse, address, ...flags, chrome], {
    ...{ maxBuffer: 2 ** 26, env: { ...process.env, CHROME_PATH: findChromium() } },
  });
  const report: Report = JSON.parse(stdout);
  return categories.map((name) => Math.round(100 * report.categories[name].score));
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

const site = buildSite();
const server = await serveFolder(site.folder, { compressed: true });
for (const page of pages) {
  const runs: (readonly number[])[] = [];
  for (let run = 0; run < Number(values.runs); run++) runs.push(await scoresOf(server.address + page));
  const scores = categories.map((name, k) => `${name} ${median(runs.map((run) => run[k]))}`);
  process.stdout.write(`/${page}: ${scores.join(", ")}\n`);
}
await server.close();
site.remove();
