import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, expect, it } from "vitest";
import { basin, resultOf } from "../basin.ts";

const spins = join(import.meta.dirname, "../fixtures/spin-energy.ts");
const folder = mkdtempSync(join(tmpdir(), "basin-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** CmdStan's CSV of a chain of three quantities, the last of which stands still; some draws diverged. */
function chainText(chain: number, diverged: readonly number[]): string {
  const rows = Array.from({ length: 40 }, (_, t) => {
    const [a, b] = [Math.sin(t * t + chain), Math.cos(3 * t * t + chain)];
    return [-a * a, 0.9, 2, diverged.includes(t) ? 1 : 0, a * a + (t % 5), a, b, 7].join(",");
  });
  const head = "lp__,accept_stat__,treedepth__,divergent__,energy__,theta.1,theta.2,fixed";
  return `# max_depth = 10\n${head}\n${rows.join("\n")}\n`;
}

const files = [[3, 8], [30]].map((diverged, k) => {
  const file = join(folder, `draws_${k + 1}.csv`);
  writeFileSync(file, chainText(k, diverged));
  return file;
});

function reportOf(file: string) {
  const text = readFileSync(file, "utf8");
  return { text, document: parseHTML(text).document };
}

it("a report is one file that asks for nothing beside it, with every plot, and names what it cannot draw", async () => {
  const html = join(folder, "report.html");
  const { code, stdout } = await basin("diagnose", ...files, "--html", html, "--json");
  expect(code).toBe(0);
  const { text, document } = reportOf(html);
  expect(text.replaceAll("http://www.w3.org/", "")).not.toMatch(/https?:|<script|<link|@import|url\(/);
  const ids = [...document.querySelectorAll("section")].map(({ id }) => id);
  expect(ids).toEqual(["summary", "forest", "quantities", "pairs", "energies", "chains"]);
  const charts = [...document.querySelectorAll("[role=img]")].map((each) => each.getAttribute("aria-label"));
  const each = (name: string) => [`Trace of ${name}`, `Ranks of ${name}`, `Autocorrelations of ${name}`];
  expect(charts).toEqual([
    "Forest of theta",
    ...each("theta[1]"),
    ...each("theta[2]"),
    "theta[2] against theta[1]",
    expect.stringMatching(/^Energy fraction \(E-BFMI\) of the chains: \d\.\d\d, \d\.\d\d\.$/),
  ]);
  expect(document.querySelector("#quantities .lead")?.textContent).toContain("No plot is defined for fixed.");
  const row = [...document.querySelectorAll("#summary tbody tr")][0].textContent;
  expect(row).toContain(String(resultOf(stdout).summary["theta[1]"].rHat.toFixed(3)));
});

it("marks each divergence in traces and pairs, and says of what the warnings complain", async () => {
  const html = join(folder, "marked.html");
  const { stdout } = await basin("diagnose", ...files, "--html", html, "--json");
  const { document } = reportOf(html);
  const marks = (label: string) =>
    [...document.querySelectorAll(`[aria-label="${label}"] [stroke="#d9480f"] line`)].length;
  expect([marks("Trace of theta[1]"), marks("Trace of theta[2]")]).toEqual([3, 3]);
  const dots = document.querySelectorAll('[aria-label="theta[2] against theta[1]"] [fill="#d9480f"] circle');
  const others = document.querySelectorAll('[aria-label="theta[2] against theta[1]"] circle');
  expect([dots.length, others.length]).toEqual([3, 80]);
  const told = [...document.querySelectorAll(".verdict li")].map(({ textContent }) => textContent);
  expect(told).toEqual(JSON.parse(stdout).warnings);
});

it("draws what it is asked to, of one chain and of spins too", async () => {
  const html = join(folder, "spins.html");
  const sampled = ["sample", spins, "--kernel", "heat-bath", "--seed", "1", "--draws", "50", "--chains", "1"];
  expect((await basin(...sampled, "--html", html, "--quantities", "right,left")).code).toBe(0);
  const { document } = reportOf(html);
  const charts = [...document.querySelectorAll("#quantities h3")].map(({ textContent }) => textContent);
  expect(charts).toEqual(["right", "left"]);
  expect(document.querySelector("#energies")).toBeNull();
});

it("keeps what was sampled where a name to plot is wrong, and says so", async () => {
  const html = join(folder, "typo.html");
  const sampled = ["sample", spins, "--kernel", "heat-bath", "--seed", "1", "--draws", "50", "--json"];
  const { code, stdout } = await basin(...sampled, "--html", html, "--quantities", "rihgt");
  const { warnings, result } = JSON.parse(stdout);
  expect([code, Object.keys(result.summary)]).toEqual([0, ["left", "middle", "right"]]);
  expect(warnings).toContainEqual(
    "--quantities names rihgt, which is not among the quantities: left, middle, right; the report plots those of greatest R-hat",
  );
  const charts = [...reportOf(html).document.querySelectorAll("#quantities h3")];
  expect(charts.map(({ textContent }) => textContent)).toEqual(["left", "middle", "right"]);
});

it.each([
  [
    ["--html", join(folder, "no.html"), "--quantities", "theta[1],tau"],
    "--quantities names tau, which is not among the quantities: theta[1], theta[2], fixed",
  ],
  [["--quantities", "theta[1]"], "it goes with --html"],
  [["--html", folder], "which is a folder; name a file"],
])("refuses %j with exit code 2", async (options, message) => {
  const { code, stdout, stderr } = await basin("diagnose", ...files, ...options);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

it("knows a quantity of two indices by its name", async () => {
  const table = join(folder, "table.csv");
  const rows = Array.from(
    { length: 20 },
    (_, t) => `${t < 10 ? 1 : 2},${Math.sin(t * t)},${Math.cos(t * t)}`,
  );
  writeFileSync(table, `chain,"z[0,1]","z[0,2]"\n${rows.join("\n")}\n`);
  const html = join(folder, "table.html");
  expect(await basin("diagnose", table, "--html", html, "--quantities", "z[0,2],z[0,1]")).toMatchObject({
    code: 0,
  });
  const { document } = reportOf(html);
  expect([...document.querySelectorAll("h3")].map(({ textContent }) => textContent)).toEqual([
    "z[0,2]",
    "z[0,1]",
  ]);
});
