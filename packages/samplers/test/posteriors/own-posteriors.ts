import { readFileSync } from "node:fs";
import { own } from "./own.ts";
import type { Posterior, Reference } from "./posterior.ts";

type Name = keyof typeof own;

export const ownNames = Object.keys(own) as Name[];

/** What the references list, from the values of the formulas' parts. */
const known: Record<Name, (values: Float64Array) => number[]> = {
  hiddenMarkov: (values) => [...values],
  arma: (values) => [...values],
  gaussianProcess: (values) => [...values],
  hierarchical: (values) => [...values.subarray(85)],
  // Scales have no moments.
  horseshoe: (values) => [...[0, 1, 2, 3, 4].map((j) => values[j] * values[5 + j] * values[10]), values[11]],
};

/** The posteriors of own.ts with the moments that own-reference.ts found. */
export function ownPosterior(name: Name): Posterior {
  const file = new URL("../fixtures/own-posteriors.json", import.meta.url);
  const references: Record<Name, Readonly<Record<string, Reference>>> = JSON.parse(
    readFileSync(file, "utf8"),
  );
  return { name, energy: own[name], reference: references[name], constrain: known[name] };
}
