import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { resolve } from "node:path";

export const repository = resolve(import.meta.dirname, "../..");

/** Returns the names that this program was given, of a table of commands. Ends it where there is none, or an unknown one. */
export function givenNames(commands: Readonly<Record<string, string>>): string[] {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !(name in commands));
  if (names.length > 0 && unknown === undefined) return names;
  const fault = unknown === undefined ? "no name is given" : `unknown name "${unknown}"`;
  console.error(`${fault}; known: ${Object.keys(commands).join(", ")}`);
  process.exit(2);
}

/** Runs a program of this repository from source, shows its errors, and returns what it prints. */
export function runSource(command: string, ...args: string[]): string {
  const node = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
  const options: SpawnSyncOptions = {
    cwd: repository,
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
  };
  const { status, stdout } = spawnSync(process.execPath, [...node, ...command.split(" "), ...args], options);
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
  return `${stdout}`;
}
