import { InvalidArgumentError } from "commander";
import { command } from "../command.ts";
import { suggestion } from "../options/resolve.ts";
import { word } from "../options/settings.ts";
import { toJson } from "../output.ts";

export default command({
  options: { command: word("<command...>", "the words of a command") },
  async run({ command: words }, { commands }): Promise<object> {
    const path = words.join(" ");
    const { schemaOf } = await import("../schema.ts");
    const schema = await schemaOf(path);
    if (schema !== undefined) return schema;
    const known = Object.keys(commands).filter((name) => commands[name].load);
    const own = known.filter((name) => name.startsWith(`${path} `));
    const hint = own.length > 0 ? ` Its commands are ${own.join(", ")}.` : suggestion(path, known);
    throw new InvalidArgumentError(`<command...> is ${path}, which is no command.${hint}`);
  },
  print: (schema) => [toJson(schema)],
});
