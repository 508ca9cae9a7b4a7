import { exampleTests, snippetTests } from "@basin/testing/snippets";

snippetTests(import.meta, ["../README.md", "../../../docs/energy-core.md"]);
exampleTests(import.meta);
