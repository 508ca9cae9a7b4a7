import { execFile } from "node:child_process";

/** What npm and pnpm put into the environment of a script would steer the npm that a script starts. */
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)));

/**
 * Runs a program to its end and resolves to its standard output.
 *
 * @throws Error with the command and all it printed when it exits with anything but 0 or takes more than five minutes
 */
export function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, env: { ...inherited, NODE_OPTIONS: "" }, timeout: 300_000, maxBuffer: 1 << 26 };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else
        reject(
          new Error(
            `${program} ${args.join(" ")}\n${error.killed ? "stopped after 5 min\n" : ""}${stderr}${stdout}`,
          ),
        );
    });
  });
}
