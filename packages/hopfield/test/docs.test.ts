import { exampleTests, snippetTests } from "@basin/testing/snippets";

snippetTests(import.meta, ["../README.md", "../../../docs/hopfield.md"]);
exampleTests(import.meta);
