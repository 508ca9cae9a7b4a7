import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { snippetTests } from "@basin/testing/snippets";

// Pages of one package have their tests there.
const pages = globSync(["course/*.md", "guides/*.md"], { cwd: join(import.meta.dirname, "../../../docs") })
  .map((page) => `../../../docs/${page}`)
  .filter((page) => readFileSync(join(import.meta.dirname, page), "utf8").includes("```ts"));

snippetTests(import.meta, pages.sort());
