import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * The process that a file or folder beside an output is named for, and whether it is what the output replaced. Nobody
 * else gives such names: a copy of a user's own may end in .old too.
 */
const LEFT = /^(.+)\.(\d+)(?:-basin|-\d+-[0-9a-z]{8,}-\d+)\.(partial|old)$/;

/** Removes what killed processes left beside an output, and puts back what one of them had moved aside. */
export function sweepBeside(output: string): void {
  const folder = dirname(output);
  for (const entry of readdirSync(folder)) {
    const [, name, pid, kind] = LEFT.exec(entry) ?? [];
    if (name !== basename(output) || isAlive(Number(pid))) continue;
    const left = join(folder, entry);
    if (kind === "old" && !existsSync(output)) renameSync(left, output);
    else rmSync(left, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
