import { expect, it } from "vitest";
import { licenseFaults } from "../src/supply-chain.ts";

const part = (name: string, expression?: string) => ({
  name,
  version: "1.0.0",
  ...(expression !== undefined && { licenses: [{ expression }] }),
});

it("takes parts under permissive licenses, several at once, and those that were read by hand", () => {
  const parts = [part("a", "MIT"), part("b", "(MIT AND Zlib)"), part("jsfive", "SEE LICENSE IN LICENSE.txt")];
  expect(licenseFaults([...parts, { ...part("c"), licenses: [{ license: { id: "ISC" } }] }])).toEqual([]);
});

it("names parts under other licenses, and under none", () => {
  const parts = [part("a", "GPL-3.0-only"), part("b"), part("c", "MIT AND GPL-2.0-only")];
  expect(licenseFaults(parts)).toEqual([
    "a@1.0.0 is under GPL-3.0-only",
    "b@1.0.0 is under no license that its manifest names",
    "c@1.0.0 is under MIT AND GPL-2.0-only",
  ]);
});
