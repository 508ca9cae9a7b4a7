import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "internal/testing", "internal/datasets"],
    reporters: ["default", "./internal/testing/src/tally-reporter.ts"],
  },
});
