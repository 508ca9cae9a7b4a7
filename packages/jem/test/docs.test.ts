import { snippetTests } from "@basin/testing/snippets";

snippetTests(import.meta, ["../README.md", "../../../docs/jem.md"]);
