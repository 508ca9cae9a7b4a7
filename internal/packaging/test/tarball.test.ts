import { expect, test } from "vitest";
import { closure, contentFaults, effectEntries, type Tarball } from "../src/tarball.ts";

const files = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts", "src/index.ts"];

function tarball(name: string, changes: Partial<Tarball["manifest"]> = {}, contents = files): Tarball {
  const entry = { types: "./dist/index.d.ts", default: "./dist/index.js" };
  const manifest = { name, version: "1.0.0", license: "Apache-2.0", exports: { ".": entry }, ...changes };
  return { name, file: `${name}.tgz`, unpacked: "", manifest, files: contents, bytes: 1000 };
}

test("a tarball as it should be has no faults", () => {
  expect(contentFaults(tarball("@basin/ising"), 1000)).toEqual([]);
});

test("every fault of a tarball is named", () => {
  const wrong = tarball(
    "@basin/ising",
    {
      license: "MIT",
      dependencies: { "@basin/samplers": "workspace:^" },
      exports: { "./more": { "@basin/source": "./src/more.ts" } },
    },
    [...files.filter((file) => file !== "LICENSE"), "test/more.test.ts"],
  );
  expect(contentFaults(wrong, 999)).toEqual([
    "LICENSE is missing",
    "holds test/more.test.ts",
    'its exports hold the private condition "@basin/source"',
    "a dependency range was not resolved",
    "its license is MIT, expected Apache-2.0",
    "weighs 1000 bytes, more than its budget of 999",
    'the entry "./more" names ./src/more.ts, which is not in it',
  ]);
});

test("a package is installed with all that it needs, and no more", () => {
  const core = tarball("@basin/energy-core");
  const samplers = tarball("@basin/samplers", { dependencies: { "@basin/energy-core": "^1.0.0" } });
  const ising = tarball("@basin/ising", {
    dependencies: { "@basin/samplers": "^1.0.0", "fast-png": "^8.0.0" },
  });
  const jem = tarball("@basin/jem", { dependencies: { "@basin/energy-core": "^1.0.0" } });
  expect(closure(ising, [core, samplers, ising, jem])).toEqual([ising, samplers, core]);
});

test("an entry that is imported for its effects is one whose file the manifest lists", () => {
  const { manifest } = tarball("@basin/samplers", {
    exports: { ".": { default: "./dist/index.js" }, "./worker": { default: "./dist/run/worker.js" } },
    sideEffects: ["./dist/run/worker.js"],
  });
  expect(effectEntries(manifest)).toEqual(["@basin/samplers/worker"]);
  expect(effectEntries({ ...manifest, sideEffects: false })).toEqual([]);
});
