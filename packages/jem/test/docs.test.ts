import { exampleTests, snippetTests } from "@basin/testing/snippets";

exampleTests(import.meta, "../src");
snippetTests(import.meta, [
  "../README.md",
  "../../../docs/jem.md",
  "../../../docs/jem-experiments.md",
  "../../../docs/outliers.md",
]);
