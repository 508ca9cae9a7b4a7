import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** A native peer: the command that runs it, or why there is none. */
export type Native = { readonly run: (args: readonly string[]) => string } | { readonly absent: string };

/** Compiles a C file with gcc into a folder that goes when the process does. */
export function compileNative(source: string, flags: readonly string[]): Native {
  const folder = mkdtempSync(join(tmpdir(), "basin-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, basename(source, ".c"));
  try {
    execFileSync("gcc", [...flags, source, "-o", program, "-lm"], { stdio: "pipe" });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer };
    return { absent: `gcc ${basename(source)}: ${(stderr?.toString() || message).split("\n")[0]}` };
  }
  return {
    run: (args) => execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  };
}
