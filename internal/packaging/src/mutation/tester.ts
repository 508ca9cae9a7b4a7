import { resolve } from "node:path";
import { createVitest, type TestCase, type TestModule } from "vitest/node";

/**
 * A process that runs tests again and again in the folder it is started in, so that only what changed is read anew. It
 * takes a {@link Question}, says "alive" at the end of each test, and then sends an {@link Answer}.
 */

/** Which tests to run, by their files and folders, and which sources changed since the last ones. */
export interface Question {
  readonly tests: readonly string[];
  readonly changed: readonly string[];
}

/** The first test that fails, or none. */
export interface Answer {
  readonly failure?: string;
}

/** What is printed of a test or a file that failed. */
type Failed = Pick<TestCase, "fullName" | "module"> | TestModule;
const named = (failed: Failed) =>
  "fullName" in failed ? `${failed.module.relativeModuleId} > ${failed.fullName}` : failed.relativeModuleId;

async function main(): Promise<void> {
  const send = (message: Answer | "alive") => void process.send!(message);
  let failure: string | undefined;
  const vitest = await createVitest("test", {
    ...{ watch: false, bail: 1, maxWorkers: 1, project: ["!site", "!cli"], testTimeout: 150_000 },
    reporters: [
      {
        onTestCaseResult: (test) => {
          send("alive");
          if (test.result().state === "failed") failure ??= named(test);
        },
        onTestModuleEnd: (module) => {
          if (module.state() === "failed") failure ??= named(module);
        },
        onTestRunEnd: (_modules, errors) => {
          if (errors.length > 0) failure ??= `an error outside of tests: ${errors[0].message}`;
        },
      },
    ],
  });
  await vitest.standalone();
  process.on("message", async ({ tests, changed }: Question) => {
    failure = undefined;
    for (const file of changed) vitest.invalidateFile(resolve(file));
    const specifications = await vitest.globTestSpecifications([...tests]);
    if (specifications.length === 0) throw new Error(`no tests in ${tests.join(", ")}`);
    await vitest.runTestSpecifications(specifications);
    send({ failure });
  });
  process.on("disconnect", () => process.exit());
}

if (import.meta.main) await main();
