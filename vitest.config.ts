import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "internal/testing"],
    reporters: ["default", "./internal/testing/src/tally-reporter.ts"],
  },
});
