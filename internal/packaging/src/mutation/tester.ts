import { createVitest, type TestModule } from "vitest/node";

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

function firstFailure(modules: readonly TestModule[], outside: readonly unknown[]): string | undefined {
  for (const module of modules) {
    for (const { fullName } of module.children.allTests("failed"))
      return `${module.relativeModuleId} > ${fullName}`;
    const [error] = [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
    ];
    if (error !== undefined) return `${module.relativeModuleId}: ${error.message}`;
  }
  return outside.length > 0 ? `outside of tests: ${(outside[0] as Error).message}` : undefined;
}

async function main(): Promise<void> {
  const send = (message: Answer | "alive") => void process.send!(message);
  const vitest = await createVitest("test", {
    ...{ watch: false, bail: 1, maxWorkers: 1, fileParallelism: false, project: ["!site", "!cli"] },
    reporters: [{ onTestCaseResult: () => send("alive") }],
  });
  await vitest.standalone();
  process.on("message", async ({ tests, changed }: Question) => {
    for (const file of changed) vitest.invalidateFile(file);
    const specifications = await vitest.globTestSpecifications([...tests]);
    if (specifications.length === 0) throw new Error(`no tests in ${tests.join(", ")}`);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    send({ failure: firstFailure(testModules, unhandledErrors) });
  });
  process.on("disconnect", () => process.exit());
}

if (import.meta.main) await main();
