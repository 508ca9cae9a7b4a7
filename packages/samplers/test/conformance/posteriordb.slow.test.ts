import { expect, test } from "vitest";
import { nuts, sample } from "../../src/index.ts";
import { expectReference } from "../posteriors/expectations.ts";
import { posteriors } from "../posteriors/models.ts";

test("all nine posteriors are here", () => expect(posteriors).toHaveLength(9));

test.each(posteriors.map((posterior) => [posterior.name, posterior] as const))(
  "%s: four chains of 1000 draws agree with the published reference draws",
  async (_, posterior) => expectReference(posterior, await sample(posterior.energy, nuts(), { seed: 4711 })),
);
