import { defineConfig, type ViteUserConfig } from "vitest/config";

const slow = process.env.BASIN_SLOW === "1";
const conditions = ["@basin/source", "module", "import", "default"];

/** The vitest configuration every package shares: workspace packages resolve to their sources, so nothing needs a build. */
export function projectConfig(name: string): ViteUserConfig {
  return defineConfig({
    resolve: { conditions: [...conditions, "node"] },
    ssr: { resolve: { conditions: [...conditions, "node"], externalConditions: ["@basin/source"] } },
    test: {
      name,
      include: ["test/**/*.test.ts"],
      exclude: slow ? [] : ["**/*.slow.test.ts"],
      execArgv: ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"],
      testTimeout: slow ? 1_200_000 : 60_000,
    },
  });
}
