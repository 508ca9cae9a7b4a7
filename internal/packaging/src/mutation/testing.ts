import { type ChildProcess, spawn } from "node:child_process";
import { inherited } from "../run.ts";
import type { Answer, Question } from "./tester.ts";

/**
 * A fault may make a loop that never ends, which a test cannot stop from within. A test may take 150 seconds.
 * Milliseconds.
 */
const SILENCE = 200_000;

/** Tests of a folder, which run in a process that stays. */
export interface Testing {
  /** Resolves to the first test that fails, or to what stopped them; undefined where all pass. */
  failure(tests: readonly string[], changed: readonly string[]): Promise<string | undefined>;
  /** Says that sources changed between two runs. */
  changed(files: readonly string[]): void;
  close(): void;
}

/** Starts testing in a folder: a clone of this repository that is installed. */
export function startTesting(clone: string): Testing {
  let tester: ChildProcess | undefined;
  let stale: string[] = [];
  const close = () => {
    // In a group of its own, the workers of the tests end with it.
    if (tester?.exitCode === null) process.kill(-tester.pid!, "SIGKILL");
    tester = undefined;
  };
  return {
    async failure(tests, changed) {
      if (tests.length === 0) {
        stale.push(...changed);
        return undefined;
      }
      tester ??= start(clone);
      const question = { tests, changed: [...stale, ...changed] };
      stale = [];
      const { failure, ended } = await ask(tester, question);
      if (ended) close();
      return failure;
    },
    changed: (files) => void stale.push(...files),
    close,
  };
}

function start(cwd: string): ChildProcess {
  const program = "internal/packaging/src/mutation/tester.ts";
  const env = { ...inherited, NODE_OPTIONS: "", BASIN_CI: undefined, NODE_ENV: "test" };
  return spawn("node", ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning", program], {
    ...{ cwd, env, detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] },
  });
}

function ask(tester: ChildProcess, question: Question): Promise<Answer & { ended?: boolean }> {
  return new Promise((resolve, reject) => {
    const end = (answer: Answer & { ended?: boolean }) => {
      clearTimeout(timer);
      tester.off("message", hear).off("exit", gone).off("error", reject);
      resolve(answer);
    };
    const silent = () => end({ failure: `no test ended for ${SILENCE / 1000} s`, ended: true });
    const gone = () => end({ failure: "an error outside of tests", ended: true });
    const hear = (message: Answer | "alive") => {
      if (message === "alive") timer.refresh();
      else end(message);
    };
    const timer = setTimeout(silent, SILENCE);
    tester.on("message", hear).on("exit", gone).on("error", reject);
    tester.send(question);
  });
}
