import { exampleTests } from "@basin/testing/snippets";

exampleTests(import.meta, "../src/toys");
exampleTests(import.meta, "../src/objectives");
exampleTests(import.meta, "../src/experiments");
