import { execFile } from "node:child_process";

/** What npm and pnpm put into the environment of a script would steer the npm that a script starts. */
export const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)),
);

const LIMIT = 600_000;

/**
 * Runs a program to its end, in our environment and `env`, and resolves to its standard output.
 *
 * @throws Error with the command and all it printed when it exits with anything but 0 or takes more than ten minutes
 */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = {
    cwd,
    env: { ...inherited, NODE_OPTIONS: "", ...env },
    timeout: LIMIT,
    maxBuffer: 1 << 26,
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else
        reject(
          new Error(
            `${program} ${args.join(" ")}\n${error.killed ? "stopped after 10 min\n" : ""}${stderr}${stdout}`,
          ),
        );
    });
  });
}
