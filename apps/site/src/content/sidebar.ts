import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StarlightUserConfig } from "@astrojs/starlight/types";

type Sidebar = NonNullable<StarlightUserConfig["sidebar"]>;

const repository = join(import.meta.dirname, "../../../..");
const course = [
  "energy",
  "six-uses",
  "gibbs",
  "training",
  "sampling",
  "jem",
  "ising",
  "hopfield",
  "open-questions",
];
const demos = ["magnet", "memory", "samplers", "learn", "jem", "outliers", "solver"];
const guides = ["which-package", "own-energy", "long-calls", "browsers", "coming-from", "questions"];
const packages = ["energy-core", "samplers", "ising", "hopfield", "jem"];
const first = [
  "energy-core",
  "expressions",
  "samplers",
  "ising",
  "potts",
  "ising-solver",
  "boltzmann-machines",
];
const other = ["trust", "vocabulary", "credits"];

/** The entries of the reference, where it was generated: a page that lists what each gives. */
const reference = globSync("**/index.md", { cwd: join(repository, "apps/site/.reference") })
  .map((file) => file.replace(/\/?index\.md$/, ""))
  .sort();

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(repository, "packages", name, "package.json"), "utf8")).version;
/** Those of the pages of a folder of docs/ that are written. */
const written = (folder: string, names: readonly string[]): string[] =>
  names
    .map((name) => `${folder}/${name}`)
    .filter((page) => globSync(`docs/${page}.md`, { cwd: repository }).length > 0);

/** All other pages of docs/, those named first in front. */
const details = globSync("docs/*.md", { cwd: repository })
  .map((file) => file.slice(5, -3))
  .filter((name) => !other.includes(name))
  .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en"));

function rank(name: string): number {
  const place = first.indexOf(name);
  return place < 0 ? first.length : place;
}

/** What stands beside every page, by the routes of `routeOf`. */
export const sidebar: Sidebar = [
  { label: "Course", items: course.map((name) => `course/${name}`) },
  { label: "Demos", items: written("demos", demos) },
  { label: "Guides", items: written("guides", guides) },
  {
    label: "Packages",
    items: packages.map((name) => ({
      label: `@basin/${name}`,
      slug: `packages/${name}`,
      badge: { text: versionOf(name), variant: "default" },
    })),
  },
  { label: "In depth", items: details },
  {
    label: "Reference",
    collapsed: true,
    items: reference.map((entry) => ({
      label: entry === "" ? "All entries" : `@basin/${entry}`,
      slug: `reference/${entry}`.replace(/\/$/, ""),
    })),
  },
  { label: "More", collapsed: true, items: [...other, "architecture", "contributing"] },
  { label: "Decisions", collapsed: true, items: [{ autogenerate: { directory: "decisions" } }] },
];
