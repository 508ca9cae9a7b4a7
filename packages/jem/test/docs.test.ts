import { exampleTests, snippetTests } from "@basin/testing/snippets";

for (const folder of ["model", "score", "train", "robust"]) exampleTests(import.meta, `../src/${folder}`);
snippetTests(import.meta, ["../README.md", "../../../docs/jem.md"]);
