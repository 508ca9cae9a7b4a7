import { InvalidArgumentError } from "commander";
import { readBytes } from "../files/read.ts";
import type { Settings } from "../setting.ts";
import { flagOf, type Given, suggestion } from "./resolve.ts";

/**
 * Returns the options that were given, and those of a file for the rest.
 *
 * @throws {InvalidArgumentError} for a file that is not YAML or JSON, or that names an option that the command lacks.
 */
export async function withConfig(file: string, settings: Settings, given: Given): Promise<Given> {
  const all = new Map(given);
  const names = Object.keys(settings).filter((name) => !settings[name].positional);
  const flags = new Map(names.map((name) => [flagOf(name, "").slice(2), name]));
  for (const [key, value] of Object.entries(await readConfig(file))) {
    const name = flags.get(key);
    if (name === undefined)
      throw new InvalidArgumentError(
        `${file} has the option ${key}, which this command lacks.${suggestion(key, [...flags.keys()])}`,
      );
    const text = textOf(value, file, key, settings[name].hint === "");
    if (!given.has(name) && text !== false) all.set(name, [text]);
    else if (!given.has(name) && settings[name].negation !== undefined) all.set(name, [false]);
  }
  return all;
}

async function readConfig(file: string): Promise<Record<string, unknown>> {
  const { readYaml } = await import("../sweep/yaml.ts");
  const value = readYaml(new TextDecoder().decode(readBytes(file)), file);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new InvalidArgumentError(`${file} holds no options, expected lines such as "size: 64"`);
}

/** Returns a value in the form that it has on the command line. */
function textOf(value: unknown, file: string, key: string, isFlag: boolean): string | boolean {
  if (isFlag && typeof value === "boolean") return value;
  if (!isFlag && (typeof value === "number" || typeof value === "string")) return String(value);
  const isList = Array.isArray(value) && value.every((entry) => typeof entry !== "object");
  if (!isFlag && isList) return value.join(",");
  if (!isFlag && typeof value === "object" && value !== null && !Array.isArray(value))
    return JSON.stringify(value);
  const expected = isFlag ? "true or false" : "a text, a number or a list";
  throw new InvalidArgumentError(`${file} has ${key}: ${JSON.stringify(value)}, expected ${expected}`);
}
