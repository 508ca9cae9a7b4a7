import { join } from "node:path";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const slow = process.env.BASIN_SLOW === "1";
// Workers of vitest hand these to Node, where "import" would give a require() the wrong half of a dual package.
const conditions = ["@basin/source", "module", "node"];
// Workers, and the threads and programs that tests start, read what Node compiled before: half of what a start costs.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../../../node_modules/.cache/node");

/**
 * The vitest configuration every package shares: workspace packages resolve to their sources, so nothing needs a build.
 */
export function projectConfig(name: string): ViteUserConfig {
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ["@basin/source"] } },
    test: {
      name,
      include: ["test/**/*.test.ts"],
      setupFiles: [join(import.meta.dirname, "literal-seeds.ts")],
      exclude: slow ? [] : ["**/*.slow.test.ts"],
      execArgv: ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"],
      // By default vitest leaves one core idle, which is half of a machine with two.
      maxWorkers: "100%",
      // For tests that hang: none comes near on a machine that is many times slower, or busy with other work.
      testTimeout: slow ? 1_800_000 : 300_000,
      hookTimeout: slow ? 900_000 : 300_000,
    },
  });
}
