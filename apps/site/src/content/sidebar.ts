import type { StarlightUserConfig } from "@astrojs/starlight/types";

type Sidebar = NonNullable<StarlightUserConfig["sidebar"]>;

/** What stands beside every page, by the routes of `routeOf`. */
export const sidebar: Sidebar = [
  { label: "Demos", items: [{ label: "A magnet", link: "magnet/" }] },
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
    label: "More",
    items: ["trust", "vocabulary", "architecture", "contributing"],
  },
  { label: "Decisions", collapsed: true, items: [{ autogenerate: { directory: "decisions" } }] },
];
