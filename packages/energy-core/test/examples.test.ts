import { execFile } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import * as root from "@basin/energy-core";
import * as data from "@basin/energy-core/data";
import * as random from "@basin/energy-core/random";
import * as run from "@basin/energy-core/run";
import * as targets from "@basin/energy-core/targets";
import * as tensor from "@basin/energy-core/tensor";
import { exampleSnippets } from "@basin/testing/markdown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const source = join(import.meta.dirname, "../src");
const files = globSync(join(source, "**/*.ts"));
const execute = promisify(execFile);

/** Names of the functions whose doc comment holds an example; of overloads the first one counts. */
function documented(text: string): string[] {
  return [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*export (?:async )?function\*? (\w+)/g)]
    .filter(([, comment]) => comment.includes("@example"))
    .map(([, , name]) => name);
}

describe("examples", () => {
  let folder = "";
  // All in one program: a process for each of a hundred examples would take a minute.
  beforeAll(() => {
    mkdirSync(join(import.meta.dirname, ".snippets"), { recursive: true });
    folder = mkdtempSync(join(import.meta.dirname, ".snippets", "examples-"));
    const names: string[] = [];
    for (const file of files) {
      for (const { line, code, noRun } of exampleSnippets(readFileSync(file, "utf8"))) {
        const name = `${relative(source, file).replaceAll("/", "_").replace(/\.ts$/, "")}_${line}.ts`;
        writeFileSync(join(folder, name), `${code}\nexport {};\n`);
        if (!noRun) names.push(name);
      }
    }
    const lines = names.map((name) => `await import("./${name}").catch(fail("${name}"));`);
    const fail = 'const fail = (name: string) => (error: unknown) => { failed.push(name + ": " + error); };';
    const program = [
      "const failed: string[] = [];",
      fail,
      ...lines,
      "if (failed.length > 0) throw new Error(failed.join());",
    ];
    writeFileSync(join(folder, "all.ts"), `${program.join("\n")}\nexport {};\n`);
    const compilerOptions = { noEmit: true, composite: false, noUnusedLocals: false };
    const configuration = { extends: "../../tsconfig.json", compilerOptions, include: ["*.ts"], exclude: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("stand on every exported function", () => {
    const examples = new Set(files.flatMap((file) => documented(readFileSync(file, "utf8"))));
    const missing = [root, random, run, targets, data, tensor]
      .flatMap((entry) => Object.entries(entry))
      .filter(([, value]) => typeof value === "function" && !/^class\b/.test(String(value)))
      .map(([name]) => name)
      .filter((name) => !examples.has(name));
    expect(missing).toEqual([]);
  });

  it("type-check", async () => {
    const compiler = join(
      dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
      "bin/tsc",
    );
    const outcome = await execute(process.execPath, [
      compiler,
      "--project",
      folder,
      "--pretty",
      "false",
    ]).catch((e) => e);
    expect(String(outcome.stdout).replaceAll(basename(folder), "examples")).toBe("");
  });

  it("run", async () => {
    const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
    const outcome = await execute(process.execPath, [...flags, join(folder, "all.ts")], {
      cwd: folder,
    }).catch((e) => e);
    // What tfjs's cpu backend says at its start, framed in lines of "=".
    expect(
      String(outcome.stderr)
        .replace(/\n=+\nHi, .*\n=+\n/, "")
        .trim(),
    ).toBe("");
  });
});
