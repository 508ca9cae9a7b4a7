import { readFileSync } from "node:fs";
import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { formulas } from "../posteriors/formulas.ts";
import { posteriors } from "../posteriors/models.ts";
import { own } from "../posteriors/own.ts";
import { byHand } from "../posteriors/own-by-hand.ts";

const pairs = [
  ...posteriors.map((posterior, k) => [posterior.name, posterior.energy, formulas[k]] as const),
  ...Object.entries(own).map(([name, formula]) => [name, byHand[name as keyof typeof own], formula] as const),
];

test.each(pairs)(
  "the formula of %s has the gradient of the one by hand to 1e-10 of its largest component",
  (_, byHand, formula) => {
    const { dimension } = byHand.space;
    expect(formula.space.dimension).toBe(dimension);
    const rng = createRng(23);
    const [expected, actual] = [new Float64Array(dimension), new Float64Array(dimension)];
    const [constants, sizes]: number[][] = [[], []];
    for (let k = 0; k < 20; k++) {
      const x = Float64Array.from({ length: dimension }, () => 2 * rng.uniform() - 1);
      const energy = byHand.can.gradient(x, expected);
      sizes.push(1 + Math.abs(energy));
      constants.push(formula.can.gradient(x, actual) - energy);
      const largest = Math.max(...expected.map(Math.abs));
      for (let i = 0; i < dimension; i++)
        expect(Math.abs(actual[i] - expected[i]) / largest).toBeLessThan(1e-10);
    }
    // The energies differ by the constants that hand-written ones leave out.
    for (const [k, constant] of constants.entries())
      expect(Math.abs(constant - constants[0])).toBeLessThan(1e-12 * (sizes[0] + sizes[k]));
  },
);

test("each formula is shorter than 20 lines", () => {
  for (const name of ["formulas", "own"]) {
    const text = readFileSync(new URL(`../posteriors/${name}.ts`, import.meta.url), "utf8");
    const formulasOf = text.match(/^const \w+ = expression\([\s\S]*?\);$/gm) ?? [];
    expect(formulasOf).toHaveLength(name === "own" ? 5 : 9);
    for (const formula of formulasOf) expect(formula.split("\n").length, formula).toBeLessThan(20);
  }
});
