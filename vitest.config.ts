import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "internal/datasets", "internal/packaging", "internal/testing"],
    coverage: {
      include: ["**/src/**/*.ts"],
      exclude: ["**/*.generated.ts", "apps/**", "internal/**"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 92 },
    },
    reporters: ["default", "./internal/testing/src/tally-reporter.ts"],
  },
});
