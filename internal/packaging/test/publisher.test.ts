import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readPublisher, stamp } from "../src/publisher.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-"));
afterAll(() => rmSync(folder, { recursive: true }));

const whole = {
  repository: "https://host.example/owner/basin",
  homepage: "https://basin.example",
  bugs: "https://host.example/owner/basin/issues",
  security: "security@basin.example",
};

function reading(publisher: object) {
  const file = join(folder, "publisher.json");
  writeFileSync(file, JSON.stringify(publisher));
  return () => readPublisher(file);
}

test("a publisher with all addresses is read as it stands", () => {
  expect(reading(whole)()).toEqual(whole);
});

test.each([
  [{ ...whole, homepage: "" }, "lacks homepage: the owner of the project fills in an address"],
  [{ ...whole, bugs: "later", security: 3 }, "lacks bugs, security"],
  [{ ...whole, repository: "http://host.example/owner/basin" }, "lacks repository"],
  [{ ...whole, bugs: "security@basin.example" }, "lacks bugs"],
  [{ ...whole, owner: "me" }, "has owner; known: repository, homepage, bugs, security"],
])("%j is refused", (publisher, message) => {
  expect(reading(publisher)).toThrow(message);
});

test("a stamped manifest says where the package lies, and keeps the rest", () => {
  const manifest = { name: "@basin/ising", version: "0.1.0" };
  expect(stamp(manifest, whole, "packages/ising")).toEqual({
    ...manifest,
    homepage: "https://basin.example",
    repository: {
      type: "git",
      url: "git+https://host.example/owner/basin.git",
      directory: "packages/ising",
    },
    bugs: { url: "https://host.example/owner/basin/issues" },
  });
});
