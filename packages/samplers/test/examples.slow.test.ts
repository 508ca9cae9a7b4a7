import { exampleTests } from "@basin/testing/snippets";

exampleTests(import.meta);
