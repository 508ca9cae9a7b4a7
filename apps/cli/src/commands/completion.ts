import { InvalidArgumentError } from "commander";
import { command } from "../command.ts";
import { flagOf } from "../options/resolve.ts";
import { common, word } from "../options/settings.ts";
import type { Commands, Setting, Settings } from "../setting.ts";

/** A command or group in the form that completion needs. */
interface Completed {
  readonly path: string;
  /** The commands of a group, with their summaries. */
  readonly names: readonly (readonly [name: string, summary: string])[];
  readonly options: readonly (readonly [flag: string, setting: Setting<unknown>])[];
}

export default command({
  options: { shell: word("<shell>", "bash, zsh or fish") },
  help: `To switch it on:
  bash   source <(basin completion bash)
  zsh    source <(basin completion zsh)
  fish   basin completion fish | source`,
  async run({ shell }, { commands }) {
    const write = SHELLS[shell];
    if (write === undefined)
      throw new InvalidArgumentError(`<shell> is ${shell}. Known: ${Object.keys(SHELLS).join(", ")}.`);
    return { script: write(await allCompleted(commands)) };
  },
  print: ({ script }) => [script],
});

const SHELLS: Readonly<Record<string, (all: readonly Completed[]) => string>> = { bash, zsh, fish };

async function allCompleted(commands: Commands): Promise<Completed[]> {
  const paths = Object.keys(commands);
  const below = (group: string) =>
    paths
      .filter((path) => path.startsWith(group) && !path.slice(group.length).includes(" "))
      .map((path) => [path.slice(group.length), commands[path].summary] as const);
  const top: Completed = { path: "", names: below(""), options: [] };
  const each = await Promise.all(
    paths.map(async (path) => {
      const { load } = commands[path];
      const own: Settings = (await load?.())?.default.options ?? {};
      const settings = load ? Object.entries({ ...own, ...common }) : [];
      const options = settings
        .filter(([, { positional }]) => !positional)
        .map(([name, setting]) => [flagOf(name, ""), setting] as const);
      return { path, names: below(`${path} `), options };
    }),
  );
  return [top, ...each];
}

function bash(all: readonly Completed[]): string {
  const choices = all.flatMap(({ path, options }) =>
    options
      .filter(([, setting]) => setting.choices)
      .map(([flag, { choices = [] }]) => `    "${path}|${flag}") words="${choices.join(" ")}" ;;`),
  );
  const values = all.flatMap(({ path, options }) =>
    options
      .filter(([, setting]) => setting.hint !== "" && !setting.choices)
      .map(([flag]) => `"${path}|${flag}"`),
  );
  const words = all.map(
    ({ path, names, options }) =>
      `    "${path}") words="${[...names.map(([name]) => name), ...options.map(([flag]) => flag), "--help"].join(" ")}" ;;`,
  );
  return `_basin() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${all
      .map(({ path }) => path)
      .filter(Boolean)
      .join(" | ")} " in *" \${path:+$path }$word "*) path="\${path:+$path }$word" ;; *) break ;; esac
  done
  case "$path|$before" in
${choices.join("\n")}
    ${values.join("|")}) return ;;
    *) case "$path" in
${words.join("\n")}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _basin basin`;
}

/** zsh uses the functions of bash. */
function zsh(all: readonly Completed[]): string {
  return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash(all)}`;
}

function fish(all: readonly Completed[]): string {
  const quoted = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = all.flatMap(({ path, names, options }) => {
    const [group, name] = path.split(" ");
    const seen = name === undefined ? group : `${group}; and __fish_seen_subcommand_from ${name}`;
    const when = path === "" ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${seen}`;
    const none =
      path === ""
        ? when
        : `${when}; and not __fish_seen_subcommand_from ${names.map(([name]) => name).join(" ")}`;
    return [
      ...names.map(
        ([child, summary]) => `complete -c basin -f -n ${quoted(none)} -a ${child} -d ${quoted(summary)}`,
      ),
      ...options.map(([flag, { hint, choices, summary }]) => {
        const values = choices ? ` -x -a ${quoted(choices.join(" "))}` : hint === "" ? "" : " -r";
        return `complete -c basin -n ${quoted(when)} -l ${flag.slice(2)}${values} -d ${quoted(summary)}`;
      }),
    ];
  });
  return lines.join("\n");
}
