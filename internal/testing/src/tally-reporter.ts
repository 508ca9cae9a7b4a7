import type { Reporter, TestModule } from "vitest/node";

/**
 * Closes a run with one line that any log reader understands: «N passed, N failed, N skipped». With `BASIN_CI=1`, where
 * everything that a test may lack is installed, a skipped test fails the run.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) tally[test.result().state]++;
      // A file that fails while loading has no tests to count.
      if (module.state() === "failed" && module.errors().length > 0) tally.failed++;
    }
    const skipped = tally.skipped + tally.pending;
    process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed, ${skipped} skipped\n`);
    if (process.env.BASIN_CI === "1" && skipped > 0) {
      process.stderr.write("BASIN_CI=1 allows no skipped test\n");
      process.exitCode = 1;
    }
  }
}
