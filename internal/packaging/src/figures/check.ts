import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { figureFaults } from "./faults.ts";

/** Refuses figures in the pages that no results file holds. */
const repository = resolve(import.meta.dirname, "../../../..");
const pages = ["README.md", "docs/**/*.md", "packages/*/README.md"];
const faults = globSync(pages, { cwd: repository })
  .sort()
  .flatMap((page) =>
    figureFaults(readFileSync(resolve(repository, page), "utf8"), repository).map(
      (fault) => `${page}:${fault}`,
    ),
  );
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
