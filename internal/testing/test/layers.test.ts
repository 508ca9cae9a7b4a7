import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { importsOf, layerViolations, readLayers } from "../src/layers.ts";

const repository = resolve(import.meta.dirname, "../../..");
const layers = readLayers(readFileSync(join(repository, "ARCHITECTURE.md"), "utf8"));
const root = mkdtempSync(join(tmpdir(), "basin-layers-"));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a workspace from a map of paths to contents, and returns what is wrong with it. */
function violationsOf(files: Readonly<Record<string, string | object>>): string[] {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return layerViolations(root, layers);
}

test("the table of ARCHITECTURE.md is the one that the packages were designed by", () => {
  expect(layers).toEqual({
    "energy-core": [],
    samplers: ["energy-core"],
    ising: ["energy-core", "samplers"],
    hopfield: ["energy-core", "samplers"],
    jem: ["energy-core", "samplers"],
  });
  expect(() => readLayers("| `@basin/jem` | |")).toThrow("no marked layer table");
});

test("this workspace keeps to its layers", () => {
  expect(layerViolations(repository, layers)).toEqual([]);
});

test("what points down passes", () => {
  expect(
    violationsOf({
      "packages/energy-core/package.json": {
        name: "@basin/energy-core",
        devDependencies: { "@basin/testing": "*" },
      },
      "packages/energy-core/src/index.ts": 'import "node:fs";\nexport * from "./energy.ts";',
      "packages/ising/package.json": { name: "@basin/ising", dependencies: { "@basin/samplers": "*" } },
      "packages/ising/src/index.ts": 'import { sample } from "@basin/samplers";\n/** import "@basin/jem" */',
      "internal/testing/package.json": { name: "@basin/testing" },
    }),
  ).toEqual([]);
});

test("a dependency that points up or sideways, or on a private package, is found", () => {
  expect(
    violationsOf({
      "packages/energy-core/package.json": {
        name: "@basin/energy-core",
        devDependencies: { "@basin/samplers": "*" },
      },
      "packages/ising/package.json": { name: "@basin/ising", peerDependencies: { "@basin/hopfield": "*" } },
      "packages/jem/package.json": { name: "@basin/jem", dependencies: { "@basin/testing": "*" } },
      "packages/news/package.json": { name: "@basin/news" },
      "internal/testing/package.json": {
        name: "@basin/testing",
        dependencies: { "@basin/energy-core": "*" },
      },
    }),
  ).toEqual([
    "internal/testing/package.json depends on @basin/energy-core, which is not below it",
    "packages/energy-core/package.json depends on @basin/samplers, which is not below it",
    "packages/ising/package.json depends on @basin/hopfield, which is not below it",
    "packages/jem/package.json ships a dependency on the private @basin/testing",
    "packages/news has no layer; known: energy-core, samplers, ising, hopfield, jem",
  ]);
});

test("an import that points up or sideways, leaves the package or brings tensors is found", () => {
  expect(
    violationsOf({
      "packages/energy-core/package.json": {
        name: "@basin/energy-core",
        peerDependencies: { "@tensorflow/tfjs": "*" },
      },
      "packages/energy-core/src/a.ts": 'export {\n  hmc,\n} from "@basin/samplers";',
      "packages/energy-core/src/b.ts": 'import { x } from "../../samplers/src/x.ts";',
      "packages/energy-core/src/c.ts": 'import type { Tensor } from "@tensorflow/tfjs";',
      "packages/energy-core/src/d.ts": 'const load = () => import("./tensor/index.ts");',
      "packages/energy-core/src/e.ts": 'import { chunk } from "lodash";',
      "packages/energy-core/src/tensor/index.ts": 'import * as tf from "@tensorflow/tfjs";',
    }),
  ).toEqual([
    'packages/energy-core/src/a.ts imports "@basin/samplers": it is not below this package',
    'packages/energy-core/src/b.ts imports "../../samplers/src/x.ts": reaches out of packages/energy-core/src',
    'packages/energy-core/src/c.ts imports "@tensorflow/tfjs": only the subpath ./tensor may bring tensors',
    'packages/energy-core/src/d.ts imports "./tensor/index.ts": only the subpath ./tensor may bring tensors',
    'packages/energy-core/src/e.ts imports "lodash": it is not among the shipped dependencies',
  ]);
});

test("imports are read from code alone", () => {
  const source = [
    '/** import { a } from "comment-one"; */',
    ' * import { a } from "comment-two";',
    '// import("comment-three")',
    'import { a, type B } from "one";',
    'import "two";',
    'export const text = "from";',
    'const three = await import("three");',
  ].join("\n");
  expect(importsOf(source)).toEqual(["one", "two", "three"]);
});
