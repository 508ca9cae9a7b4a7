import { writeFileSync } from "node:fs";
import { BasinError } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { InvalidArgumentError } from "commander";
import { withConfig } from "../../src/options/config.ts";
import { resolveValues } from "../../src/options/resolve.ts";
import type { Settings } from "../../src/setting.ts";
import { parseStudy } from "../../src/sweep/study.ts";
import { commands } from "../../src/table.ts";

const STUDIES = [
  "command: ising simulate\noptions: { size: 32, sweeps: 20000 }\ngrid:\n  temperature: [2.0, 2.1]\nseed: 1\nrepeats: 8\n",
  '{"command":"ising solve","options":{"files":"p.qubo"},"list":[{"reads":4}],"seeds":[1,2]}',
];
const OPTIONS = [
  "size: 4x6\ntemperature: 2.5\nsweeps: 40\ncoupling: [1, 0.5]\n",
  "size: &a [4, 6]\nfield: *a\ntemperature: >-\n  2.5\n",
  '{"size":"4x6","temperature":2.5,"resume":true}',
];
const PIECES = [
  ...[
    "&a ",
    "*a",
    "<<: ",
    "!!js ",
    "? ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "|",
    ">",
    "#",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
  ],
  ...[
    "\t",
    "\0",
    "\u{feff}",
    "\u2028",
    "\ud800",
    "🜁",
    "1e999",
    "-0",
    ".nan",
    "0x1F",
    "9007199254740993",
    "~",
    "null",
  ],
  ...[
    "__proto__: ",
    "constructor: ",
    "toString: ",
    "../",
    "[[[[[[[[",
    "a".repeat(300),
    "\n".repeat(50),
    ": : :",
  ],
];

function mutated(texts: readonly string[], rng: Rng): string {
  let text = texts[rng.index(texts.length)];
  for (let edits = 1 + rng.index(4); edits > 0; edits--) {
    const [from, length] = [rng.index(text.length + 1), rng.index(12)];
    const piece = [
      () => "",
      () => PIECES[rng.index(PIECES.length)],
      () => String.fromCodePoint(rng.index(0x10ffff)),
      () => text.slice(from, from + length).repeat(1 + rng.index(20)),
    ][rng.index(4)]();
    text = text.slice(0, from) + piece + text.slice(from + (rng.bernoulli(0.5) ? length : 0));
  }
  return text;
}

/** What became of texts that are nearly studies and files of options. */
export interface Tried {
  taken: number;
  refused: number;
  /** Text and error of those that ended otherwise than with a message of ours. */
  readonly crashed: (readonly [text: string, error: unknown])[];
  /** Milliseconds of the slowest. */
  slowest: number;
}

/** Reads so many mutated texts as studies and as the options of `ising simulate`, from a file. */
export async function tryMutations(count: number, seed: number, file: string): Promise<Tried> {
  const rng = createRng(seed);
  const settings = (await commands["ising simulate"].load?.())?.default.options as Settings;
  const tried: Tried = { taken: 0, refused: 0, crashed: [], slowest: 0 };
  const read = async (text: string, isStudy: boolean) => {
    if (isStudy) return void parseStudy(text, "study.yaml");
    writeFileSync(file, text);
    await resolveValues(settings, await withConfig(file, settings, new Map()), []);
  };
  for (let k = 0; k < count; k++) {
    const isStudy = k % 2 === 0;
    const text = mutated(isStudy ? STUDIES : OPTIONS, rng);
    let [result, time] = await timed(() => read(text, isStudy));
    // What a busy machine held up is not held up each time.
    for (let again = 0; time > 1000 && again < 3; again++) {
      const [other, less] = await timed(() => read(text, isStudy));
      [result, time] = [other, Math.min(time, less)];
    }
    tried.slowest = Math.max(tried.slowest, time);
    const isOurs = (error: unknown) => error instanceof BasinError || error instanceof InvalidArgumentError;
    if (result === undefined) tried.taken++;
    else if (isOurs(result) && (result as Error).message.length > 10) tried.refused++;
    else tried.crashed.push([text, result]);
  }
  return tried;
}

/** Resolves to what a call throws, if anything, and how many milliseconds it takes. */
async function timed(call: () => Promise<void>): Promise<[thrown: unknown, milliseconds: number]> {
  const started = performance.now();
  let thrown: unknown;
  await call().catch((error: unknown) => {
    thrown = error ?? "nothing";
  });
  return [thrown, performance.now() - started];
}
