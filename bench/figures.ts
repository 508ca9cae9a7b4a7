import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { givenNames, runSource } from "./src/named-commands.ts";

/**
 * Writes bench/results/NAME.json for each NAME given: what a command printed, with when and where. The pages quote
 * these files by markers, which `pnpm lint` compares with them (docs/decisions/0028-figures.md).
 */
const scan = "apps/cli/basin.js potts scan --algorithm swendsen-wang --seed 1 --sizes 16,32 --draws 40000";
const commands: Readonly<Record<string, string>> = {
  expression: "bench/run.ts expression --rounds 3",
  onnx: "bench/run.ts onnx --rounds 1",
  outliers: "bench/run.ts outliers --rounds 3",
  samplers: "bench/run.ts samplers --rounds 1",
  "learn-mnist": "apps/cli/basin.js ising learn --data mnist --epochs 60 --temperatures 10001 --seed 1",
  "potts-3": `${scan} --states 3 --temperatures 0.985:1.005:0.004`,
  "potts-4": `${scan} --states 4 --temperatures 0.9:0.92:0.004`,
  "potts-8":
    "apps/cli/basin.js potts simulate --algorithm swendsen-wang --seed 1 --size 32 --states 8 --temperature 0.747 --draws 200000",
};

mkdirSync(join(import.meta.dirname, "results"), { recursive: true });
for (const name of givenNames(commands)) {
  const [load] = loadavg();
  const output = JSON.parse(runSource(commands[name], "--json"));
  const report = {
    command: `node ${commands[name]} --json`,
    ...{ date: new Date().toISOString(), node: process.version },
    ...{ processor: cpus()[0].model, threads: availableParallelism(), load },
    output,
  };
  writeFileSync(join(import.meta.dirname, "results", `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
