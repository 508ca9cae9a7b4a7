import { defineConfig } from "vitest/config";

const packages = ["energy-core", "samplers", "ising", "hopfield", "jem"];

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*", "internal/datasets", "internal/packaging", "internal/testing"],
    coverage: {
      include: ["**/src/**/*.ts"],
      exclude: ["**/*.generated.ts", "apps/**", "internal/**"],
      // The lines that no test runs, and then the shares.
      reporter: [["text", { skipFull: true }], "json-summary", "text-summary"],
      reportOnFailure: true,
      thresholds: Object.fromEntries(packages.map((name) => [`packages/${name}/src/**`, { lines: 92 }])),
    },
    reporters: ["default", "./internal/testing/src/tally-reporter.ts"],
  },
});
