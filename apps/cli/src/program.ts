import { readFileSync } from "node:fs";
import { Command as Commander, Option } from "commander";
import type { Command, Setting } from "./command.ts";
import { flagOf, type Given } from "./options/resolve.ts";
import { flag } from "./options/settings.ts";
import { commands } from "./table.ts";

/** The version of the command line. */
export const version: string = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
).version;

/** Resolves to `basin` with every command by its line of help; only the one that `words` call is loaded. */
export async function buildProgram(words: readonly string[]): Promise<Commander> {
  const program = new Commander("basin")
    .description("Energy-based models: simulate, sample, solve, remember, classify.")
    .version(version)
    .helpCommand(false)
    .showSuggestionAfterError();
  // `sweep status` is called by more words than `sweep`, whose options it has not.
  const called = [2, 1].map((count) => words.slice(0, count).join(" ")).find((call) => commands[call]?.load);
  for (const [path, { summary, load }] of Object.entries(commands)) {
    const [parent, name = parent] = path.split(" ");
    const group = parent === name ? program : program.commands.find((each) => each.name() === parent);
    const entry = (group as Commander).command(name).description(summary).helpCommand(false);
    if (load && path === called) declare(entry, path, (await load()).default);
  }
  return program;
}

function declare(entry: Commander, path: string, command: Command): void {
  const given = new Map<string, (string | boolean)[]>();
  const settings = { ...command.options, json: flag("print one JSON object") };
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.positional) entry.argument(setting.hint, setting.summary);
    else
      for (const [option, fixed] of optionsOf(name, setting)) {
        entry.addOption(option);
        entry.on(`option:${option.name()}`, (text: string | null) => {
          given.set(name, [...(given.get(name) ?? []), fixed ?? text ?? true]);
        });
      }
  }
  if (command.help !== undefined) entry.addHelpText("after", `\n${command.help}`);
  const words = Object.values(settings).filter(({ positional }) => positional).length;
  entry.action(async (...args: unknown[]) => {
    // Help needs nothing of this, and starts faster without it.
    const { execute } = await import("./execute.ts");
    await execute(path, version, command, given as Given, args.slice(0, words));
  });
}

function optionsOf(name: string, setting: Setting<unknown>): (readonly [Option, boolean?])[] {
  const flags = flagOf(name, setting.hint);
  const { choices, byDefault, required, negation } = setting;
  const facts = [
    ...(choices ? [`choices: ${choices.join(", ")}`] : []),
    ...(byDefault !== undefined && byDefault !== false ? [`default: ${shown(byDefault)}`] : []),
    ...(required ? ["required"] : []),
  ];
  const summary = setting.summary + (facts.length > 0 ? ` (${facts.join("; ")})` : "");
  const option = new Option(flags, summary);
  if (negation === undefined) return [[option]];
  return [
    [option, true],
    [new Option(flags.replace("--", "--no-"), negation), false],
  ];
}

function shown(value: unknown): string {
  return typeof value === "object" && !Array.isArray(value) ? JSON.stringify(value) : String(value);
}
