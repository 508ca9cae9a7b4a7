import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answers } from "../fixtures/node-bundle/answers.ts";

const fixture = resolve(import.meta.dirname, "../fixtures/node-bundle");

describe("a program of Node in a bundle, with a worker beside it", () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-node-bundle-"));
  const run = (how: string) => promisify(execFile)(process.execPath, [join(folder, "program.js"), how]);

  beforeAll(async () => {
    const conditions = ["@basin/source", "module", "node"];
    await build({
      ...{ configFile: false, root: fixture, logLevel: "silent" },
      ssr: { noExternal: true, resolve: { conditions } },
      build: {
        ...{ ssr: true, outDir: folder, emptyOutDir: false, target: "es2023" },
        rolldownOptions: {
          input: ["program", "worker"].map((name) => join(fixture, `${name}.ts`)),
          output: { entryFileNames: "[name].js" },
        },
      },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("answers on its threads as in one of this process", async () => {
    const { stdout } = await run("with");
    expect(JSON.parse(stdout)).toEqual(await answers({}));
  });

  test("says how to name its worker where it has not", async () => {
    await expect(run("without")).rejects.toThrow(
      "in a bundle, createWorker has to say where it is: () => nodeWorker(URL)",
    );
  });
});
