import { expect, test } from "vitest";
import { nuts, sample } from "../../src/index.ts";
import { expectReference } from "../posteriors/expectations.ts";
import { posteriors } from "../posteriors/models.ts";
import { ownNames, ownPosterior } from "../posteriors/own-posteriors.ts";

test("all nine posteriors are here", () => expect(posteriors).toHaveLength(9));

test.each(posteriors.map((posterior) => [posterior.name, posterior] as const))(
  "%s: four chains of 1000 draws agree with the published reference draws",
  async (_, posterior) => expectReference(posterior, await sample(posterior.energy, nuts(), { seed: 4711 })),
);

test.each(ownNames)(
  "%s: four chains of 2000 draws of its formula agree with integrals, or draws of another sampler",
  async (name) =>
    expectReference(
      ownPosterior(name),
      await sample(ownPosterior(name).energy, nuts({ targetAcceptance: 0.95 }), { seed: 85, draws: 2000 }),
    ),
);
