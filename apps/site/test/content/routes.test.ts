import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import Slugger from "github-slugger";
import { expect, test } from "vitest";
import { patterns, routeOf, targetOf } from "../../src/content/routes.ts";

const root = resolve(import.meta.dirname, "../../../..");
const pages = globSync(
  patterns.filter((pattern) => !pattern.includes(".reference")),
  { cwd: root },
);
const textOf = (page: string): string =>
  readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```/gm, "");

test.each([
  ["docs/course/energy.md", "course/energy"],
  ["docs/ising.md", "ising"],
  ["packages/ising/README.md", "packages/ising"],
  ["ARCHITECTURE.md", "architecture"],
  ["apps/site/.reference/samplers/functions/nuts.md", "reference/samplers/functions/nuts"],
  ["apps/site/.reference/samplers/index.md", "reference/samplers"],
  ["apps/site/.reference/index.md", "reference"],
])("%s is at %s", (file, route) => {
  expect(routeOf(file)).toBe(route);
});

test("no two pages have one route", () => {
  expect(new Set(pages.map(routeOf)).size).toBe(pages.length);
});

test.each(pages)("%s has links that lead somewhere", (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, url]) => url);
  expect(links.filter((url) => !leadsSomewhere(url, page))).toEqual([]);
});

function leadsSomewhere(url: string, page: string): boolean {
  const target = url.startsWith("#") ? { path: page, fragment: url } : targetOf(url, page);
  if (target === undefined) return true;
  const path = join(root, target.path);
  if (!existsSync(path)) return false;
  const file = statSync(path).isDirectory() ? join(target.path, "README.md") : target.path;
  return target.fragment === "" || anchorsOf(file).has(target.fragment.slice(1));
}

function anchorsOf(page: string): Set<string> {
  const slugger = new Slugger();
  const headings = [...textOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, text]) => text);
  return new Set(headings.map((text) => slugger.slug(text.replace(/[`*_]|\]\([^)]*\)|\[/g, ""))));
}
