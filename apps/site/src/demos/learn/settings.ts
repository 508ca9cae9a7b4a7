import { choice, range, seed, type Values } from "../shared/settings.ts";

/** What a visitor sets. */
export const schema = {
  data: choice("Data", "moons", {
    moons: "two moons",
    rings: "rings",
    mixture: "a ring of wells",
    drawn: "draw your own",
  }),
  steps: range("Langevin steps", 5, [1, 20, 1], {
    hint: "Contrastive divergence pushes the energy down at the data, and pulls it up where this many steps from the data lead.",
  }),
  updates: range("Updates", 1500, [500, 6000, 500]),
  seed: seed(),
};

export type Settings = Values<typeof schema>;
