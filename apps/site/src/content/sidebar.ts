import { globSync } from "node:fs";
import { join } from "node:path";
import type { StarlightUserConfig } from "@astrojs/starlight/types";

type Sidebar = NonNullable<StarlightUserConfig["sidebar"]>;

/** The entries of the reference, where it was generated: a page that lists what each gives. */
const reference = globSync("**/index.md", { cwd: join(import.meta.dirname, "../../.reference") })
  .map((file) => file.replace(/\/?index\.md$/, ""))
  .sort();

/** What stands beside every page, by the routes of `routeOf`. */
export const sidebar: Sidebar = [
  { label: "Demos", items: ["demos/magnet"] },
  {
    label: "Packages",
    items: ["energy-core", "samplers", "ising", "hopfield", "jem"].map((name) => ({
      label: `@basin/${name}`,
      slug: `packages/${name}`,
    })),
  },
  {
    label: "Guides",
    items: [
      "energy-core",
      "expressions",
      "samplers",
      "ising",
      "potts",
      "ising-solver",
      "boltzmann-machines",
      "hopfield",
      "jem",
      "jem-experiments",
      "outliers",
      "scaling-out",
      "command-line",
    ],
  },
  {
    label: "Reference",
    collapsed: true,
    items: reference.map((entry) => ({
      label: entry === "" ? "All entries" : `@basin/${entry}`,
      slug: `reference/${entry}`.replace(/\/$/, ""),
    })),
  },
  {
    label: "More",
    items: ["trust", "vocabulary", "architecture", "contributing"],
  },
  { label: "Decisions", collapsed: true, items: [{ autogenerate: { directory: "decisions" } }] },
];
