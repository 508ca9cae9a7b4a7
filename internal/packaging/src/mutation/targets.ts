import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A source with the tests that look at it. */
export interface Target {
  readonly source: string;
  readonly project: string;
  readonly tests: readonly string[];
  /** The tests that are run where those see nothing. */
  readonly others: readonly string[];
  /** The folder to generate before the tests, of a source of WebAssembly. */
  readonly generated?: string;
}

/** The tests that compare the kernels of a package with their twins, in its folder `test`. */
const kernelTests: Readonly<Record<string, readonly string[]>> = {
  "energy-core": ["wasm.test.ts", "random", "tensor", "expression"],
  hopfield: ["classical", "classical.test.ts", "modern.test.ts"],
  ising: ["wasm.test.ts", "packed", "simulate", "sweep", "solve", "learn.test.ts"],
  jem: ["dense.test.ts", "outliers"],
};

/**
 * The sources of the libraries with the tests that mirror their paths, then those that name what a source exports.
 */
export function libraryTargets(repository: string): Target[] {
  return globSync("packages/*/src/**/*.ts", { cwd: repository })
    .filter((source) => !/\.generated\.ts$|\/index\.ts$/.test(source))
    .sort()
    .flatMap((source) => {
      const [, project] = source.split("/");
      const tests = mirror(repository, source);
      const others = testsNaming(repository, source).filter(
        (test) => !tests.some((mirrored) => test.startsWith(mirrored)),
      );
      return tests.length + others.length === 0 ? [] : [{ source, project, tests, others }];
    });
}

/** The sources of the WebAssembly kernels. */
export function kernelTargets(repository: string): Target[] {
  return globSync("packages/*/assembly/**/*.ts", { cwd: repository })
    .sort()
    .map((source) => {
      const [packages, project] = source.split("/");
      const generated = join(packages, project);
      return {
        source,
        project,
        generated,
        tests: kernelTests[project].map((test) => join(generated, "test", test)),
        others: [],
      };
    });
}

/** The test file and the folder of tests of a source, or else of the folder that it is in. */
function mirror(repository: string, source: string): string[] {
  for (
    let path = source.replace("/src/", "/test/").replace(/\.ts$/, "");
    !path.endsWith("/test");
    path = dirname(path)
  ) {
    const found = [`${path}.test.ts`, `${path}/`].filter((candidate) =>
      existsSync(join(repository, candidate)),
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** At most so many tests outside of the mirror: names that many tests use would bring all of a package. */
const MOST_OTHERS = 6;

/** The tests of the fast suite of a package that name what a source exports most often. */
function testsNaming(repository: string, source: string): string[] {
  const text = (path: string) => readFileSync(join(repository, path), "utf8");
  const exported = text(source).matchAll(/^export (?:async )?(?:function\*?|const|class) (\w+)/gm);
  const names = [...exported].map(([, name]) => name);
  if (names.length === 0) return [];
  const anyName = new RegExp(`\\b(?:${names.join("|")})\\b`, "g");
  const [packages, project] = source.split("/");
  return globSync(`${packages}/${project}/test/**/*.test.ts`, { cwd: repository })
    .filter((test) => !/\.slow\.test\.ts$|\/(?:docs|names)\.test\.ts$/.test(test))
    .map((test) => ({ test, uses: text(test).match(anyName)?.length ?? 0 }))
    .filter(({ uses }) => uses > 0)
    .sort((a, b) => b.uses - a.uses || (a.test < b.test ? -1 : 1))
    .slice(0, MOST_OTHERS)
    .map(({ test }) => test);
}
