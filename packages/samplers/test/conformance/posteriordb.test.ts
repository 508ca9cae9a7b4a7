import { describe, expect, test } from "vitest";
import { nuts, sample } from "../../src/index.ts";
import { expectGradient, expectReference } from "../posteriors/expectations.ts";
import { posteriors } from "../posteriors/models.ts";
import { ownPosterior } from "../posteriors/own-posteriors.ts";

const find = (name: string) =>
  posteriors.find((posterior) => posterior.name.startsWith(name)) as (typeof posteriors)[0];

test.each(posteriors.map((posterior) => [posterior.name, posterior] as const))(
  "the gradient of %s",
  (_, posterior) => expectGradient(posterior),
);

// The slow suite runs all nine with the default metric; here are those that take under two seconds.
describe("four chains of 1000 draws agree with the published reference draws", () => {
  test.each(["arK", "eight_schools", "garch", "mesquite", "sblrc"])("%s", async (name) => {
    const posterior = find(name);
    expectReference(posterior, await sample(posterior.energy, nuts(), { seed: 4711 }));
  });
  test.each(["kidiq", "kilpisjarvi"])(
    "%s, whose coordinates are strongly correlated, with a dense metric",
    async (name) => {
      const posterior = find(name);
      expectReference(posterior, await sample(posterior.energy, nuts({ metric: "dense" }), { seed: 4711 }));
    },
  );
  test("and draws at a temperature 20 % too low do not", async () => {
    const posterior = find("sblrc");
    const draws = await sample(posterior.energy, nuts(), { seed: 4711, temperature: 0.8 });
    expect(() => expectReference(posterior, draws)).toThrow("z of the");
  });
});

test("four chains of 2000 draws of the formula of an ARMA model agree with integrals over a grid", async () => {
  const posterior = ownPosterior("arma");
  expectReference(posterior, await sample(posterior.energy, nuts(), { seed: 85, draws: 2000 }));
});
