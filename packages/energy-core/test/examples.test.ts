import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as root from "@basin/energy-core";
import * as data from "@basin/energy-core/data";
import * as random from "@basin/energy-core/random";
import * as run from "@basin/energy-core/run";
import * as targets from "@basin/energy-core/targets";
import * as tensor from "@basin/energy-core/tensor";
import { expect, it } from "vitest";

/** Names of the functions whose doc comment holds an example; of overloads the first one counts. */
function documented(text: string): string[] {
  return [...text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*export (?:async )?function\*? (\w+)/g)]
    .filter(([, comment]) => comment.includes("@example"))
    .map(([, , name]) => name);
}

it("examples stand on every exported function", () => {
  const files = globSync(join(import.meta.dirname, "../src/**/*.ts"));
  const examples = new Set(files.flatMap((file) => documented(readFileSync(file, "utf8"))));
  const missing = [root, random, run, targets, data, tensor]
    .flatMap((entry) => Object.entries(entry))
    .filter(([, value]) => typeof value === "function" && !/^class\b/.test(String(value)))
    .map(([name]) => name)
    .filter((name) => !examples.has(name));
  expect(missing).toEqual([]);
});
