import { snippetTests } from "@basin/testing/snippets";

snippetTests(import.meta, ["../../../docs/samplers.md", "../../../docs/expressions.md", "../README.md"]);
