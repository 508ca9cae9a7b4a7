import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { exampleSnippets, markdownSnippets, type Snippet } from "./markdown.ts";
import { node, type Outcome, runPrograms } from "./programs.ts";

const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
const repository = resolve(import.meta.dirname, "../../..");
const timeLimit = 600_000;

/**
 * Declares a test for every TypeScript block of Markdown pages: each is a complete program that must type-check and
 * exit with 0, run from the sources with a fresh working directory. A block tagged "ts no-run" is only type-checked.
 *
 * @param meta `import.meta` of the test file; workspace packages resolve as they do from there
 * @param pages paths relative to the test file
 */
export function snippetTests(meta: ImportMeta, pages: readonly string[]): void {
  for (const page of pages) declare(meta.dirname, resolve(meta.dirname, page), markdownSnippets);
}

/**
 * Declares a test for every TypeScript block under an `@example` tag in the sources of a folder, like
 * {@link snippetTests}.
 *
 * @param meta `import.meta` of the test file
 * @param folder relative to the test file, usually "../src"
 */
export function exampleTests(meta: ImportMeta, folder = "../src"): void {
  const files = globSync(join(resolve(meta.dirname, folder), "**/*.ts")).sort();
  const withExamples = files.filter((file) => exampleSnippets(readFileSync(file, "utf8")).length > 0);
  test(`${relative(repository, resolve(meta.dirname, folder))} has examples`, () =>
    expect(withExamples).not.toHaveLength(0));
  for (const file of withExamples) declare(meta.dirname, file, exampleSnippets);
}

function declare(from: string, file: string, extract: (text: string) => Snippet[]): void {
  const name = relative(repository, file);
  const snippets = extract(readFileSync(file, "utf8"));
  describe.concurrent(name, () => {
    test("has a TypeScript block", () => expect(snippets).not.toHaveLength(0));
    if (snippets.length === 0) return;
    const batch = batchOf(from);
    const folder = batch.add(file, snippets);
    afterAll(() => batch.finish());
    const idle = snippets.filter(({ noRun }) => noRun).map(({ line }) => `line ${line}`);
    const title = `its blocks type-check${idle.length > 0 ? ` (not run: ${idle.join(", ")})` : ""}`;
    test(title, { timeout: timeLimit }, async () => {
      expect(inTermsOf(name, folder, await batch.complaints(folder))).toBe("");
    });
    for (const { line, noRun } of snippets) {
      if (noRun) continue;
      test(`line ${line}`, { timeout: timeLimit }, async () => {
        const { failed, output } = await batch.outcome(join(folder, `line-${line}.ts`));
        expect(failed, `${name}:${line} failed\n${inTermsOf(name, folder, output)}`).toBe(false);
      });
    }
  });
}

/** The blocks of all pages of one test file, which one run of the compiler checks together. */
class Batch {
  readonly #root: string;
  #pages = 0;
  #finished = 0;
  #output: Promise<string> | undefined;
  readonly #groups = new Map<string, string[]>();
  #outcomes: Map<string, Promise<Outcome>> | undefined;

  constructor(from: string) {
    mkdirSync(join(from, ".snippets"), { recursive: true });
    this.#root = mkdtempSync(join(from, ".snippets", "run-"));
    const parent = [join(from, "tsconfig.json"), join(from, "..", "tsconfig.json")].find(existsSync);
    const compilerOptions = {
      noEmit: true,
      composite: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    };
    writeFileSync(
      join(this.#root, "tsconfig.json"),
      JSON.stringify({ extends: parent, compilerOptions, include: ["**/*.ts"], exclude: [] }),
    );
  }

  /**
   * Writes one program a block, moved down by blank lines so that compilers and stack traces name the lines of the
   * page.
   */
  add(file: string, snippets: readonly Snippet[]): string {
    const folder = join(this.#root, `${this.#pages++}-${basename(file)}`);
    mkdirSync(folder);
    for (const { line, code, noRun } of snippets) {
      const program = join(folder, `line-${line}.ts`);
      writeFileSync(program, `${"\n".repeat(line - 1)}${code}\nexport {};\n`);
      if (noRun) continue;
      // tfjs keeps its backend for a whole process, so programs that choose it differently do not share one.
      const choice = code.match(/@tensorflow\/[\w-]+|\b(setBackend|useWasm)\b/g) ?? [];
      const key = [...new Set(choice)].sort().join();
      this.#groups.set(key, [...(this.#groups.get(key) ?? []), program]);
    }
    return folder;
  }

  /** Resolves to how a program that `add` wrote ends; all programs start with the first that is asked for. */
  async outcome(program: string): Promise<Outcome> {
    this.#outcomes ??= new Map([...this.#groups.values()].flatMap((group) => [...runPrograms(group)]));
    return (await this.#outcomes.get(program)) ?? { failed: true, output: "never run" };
  }

  /** Counts a page whose tests are over, and removes the programs after the last. */
  finish(): void {
    if (++this.#finished === this.#pages) rmSync(this.#root, { recursive: true, force: true });
  }

  /**
   * Resolves to what the compiler says of the blocks in `folder`, and to all it says where that is not about blocks.
   */
  async complaints(folder: string): Promise<string> {
    const command = [compiler, "--project", this.#root, "--pretty", "false"];
    this.#output ??= node(command, repository, timeLimit).then(({ failed, output }) =>
      failed ? output || "the compiler failed without a word" : "",
    );
    const output = await this.#output;
    const place = `${basename(this.#root)}/${basename(folder)}/`;
    const own = output.split("\n").filter((line) => line.includes(place));
    return output.includes(basename(this.#root)) ? own.join("\n") : output;
  }
}

const batches = new Map<string, Batch>();

function batchOf(from: string): Batch {
  let batch = batches.get(from);
  if (batch === undefined) {
    batch = new Batch(from);
    batches.set(from, batch);
  }
  return batch;
}

function inTermsOf(page: string, folder: string, output: string): string {
  const path = new RegExp(`[^\\s("']*${basename(folder)}/line-\\d+\\.ts`, "g");
  return output.replaceAll(path, page);
}
