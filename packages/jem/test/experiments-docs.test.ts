import { exampleTests, snippetTests } from "@basin/testing/snippets";

exampleTests(import.meta, "../src/toys");
exampleTests(import.meta, "../src/objectives");
exampleTests(import.meta, "../src/experiments");
snippetTests(import.meta, ["../../../docs/jem-experiments.md"]);
