import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";

/** A source with the tests that look at it. */
export interface Target {
  readonly source: string;
  readonly project: string;
  readonly tests: readonly string[];
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

/** The sources of the libraries that have tests of their own, by the mirror of their paths. */
export function libraryTargets(repository: string): Target[] {
  return globSync("packages/*/src/**/*.ts", { cwd: repository })
    .filter((source) => !/\.generated\.ts$|\/index\.ts$/.test(source))
    .sort()
    .flatMap((source) => {
      const [, project] = source.split("/");
      const tests = mirror(repository, source);
      return tests.length === 0 ? [] : [{ source, project, tests }];
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
