import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "internal/datasets", "internal/packaging", "internal/testing"],
    reporters: ["default", "./internal/testing/src/tally-reporter.ts"],
  },
});
