import { Command as Commander, InvalidArgumentError, Option } from "commander";
import type { Command, Setting } from "./command.ts";
import { flagOf, type Given, suggestion } from "./options/resolve.ts";
import { common } from "./options/settings.ts";
import { commands } from "./table.ts";
import { version } from "./version.ts";

/**
 * Resolves to the program `basin` with the line of help of every command. Only the command that `words` call is loaded.
 */
export async function buildProgram(words: readonly string[], signal: AbortSignal): Promise<Commander> {
  const program = new Commander("basin")
    .description("Energy-based models: simulate, sample, solve, remember, classify.")
    .version(version)
    .helpCommand(false)
    .showSuggestionAfterError();
  // `sweep status` has more words than `sweep`, and other options.
  const called = [2, 1].map((count) => words.slice(0, count).join(" ")).find((call) => commands[call]?.load);
  for (const [path, { summary, load }] of Object.entries(commands)) {
    const [parent, name = parent] = path.split(" ");
    const group = parent === name ? program : program.commands.find((each) => each.name() === parent);
    const entry = (group as Commander).command(name).description(summary).helpCommand(false);
    if (!load) entry.addHelpText("after", () => afterHelp(path));
    if (load && path === called) declare(entry, path, (await load()).default, signal);
  }
  program.addHelpText("after", () => afterHelp(""));
  program.on("command:*", ([word]: string[]) => {
    throw new InvalidArgumentError(`unknown command '${word}'.${alternatives(word)}`);
  });
  return program;
}

/** Returns the text below the help of a command or group: its description, and examples of it or of its commands. */
function afterHelp(path: string, text?: string): string {
  const examples = Object.entries(commands).flatMap(([each, { example }]) =>
    example !== undefined && (each === path || each.startsWith(path === "" ? "" : `${path} `))
      ? [`  basin ${each} ${example}`.trimEnd()]
      : [],
  );
  const shown = path === "" ? examples.filter((_, k) => k % 6 === 1) : examples;
  const heading = shown.length > 1 ? "Examples:" : "Example:";
  return `\n${[...(text === undefined ? [] : [text, ""]), heading, ...shown].join("\n")}`;
}

/** Returns the commands that a mistyped word may mean: those of this name in a group, or else the nearest. */
function alternatives(word: string): string {
  const inGroups = Object.keys(commands).filter((path) => path.endsWith(` ${word}`));
  if (inGroups.length > 0) return ` Did you mean ${inGroups.map((path) => `basin ${path}`).join(" or ")}?`;
  return suggestion(word, [...new Set(Object.keys(commands).map((path) => path.split(" ")[0]))]);
}

function declare(entry: Commander, path: string, command: Command, signal: AbortSignal): void {
  const given = new Map<string, (string | boolean)[]>();
  const settings = { ...command.options, ...common };
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
  entry.addHelpText("after", () => afterHelp(path, command.help));
  const words = Object.values(settings).filter(({ positional }) => positional).length;
  entry.action(async (...args: unknown[]) => {
    const positionals = args.slice(0, words);
    const call = { path, version, command, given: given as Given, positionals, commands };
    // Help does not need this, and starts faster without it.
    const { execute } = await import("./execute.ts");
    await execute(call, signal);
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
