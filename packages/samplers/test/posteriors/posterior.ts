import { readFileSync } from "node:fs";
import type { DifferentiableEnergy } from "@basin/energy-core";

/** Published moments of one parameter. */
export interface Reference {
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
}

/** A posterior of posteriordb, written by hand as an energy over unconstrained coordinates. */
export interface Posterior {
  readonly name: string;
  readonly energy: DifferentiableEnergy;
  readonly reference: Readonly<Record<string, Reference>>;
  /** Maps unconstrained coordinates to the parameters that the reference lists, in its order. */
  constrain(x: Float64Array): number[];
}

/** One file of the fixtures. */
export interface PosteriorFile {
  readonly name: string;
  readonly reference: Record<string, Reference>;
  // biome-ignore lint/suspicious/noExplicitAny: every model has its own data
  readonly data: any;
}

export function readPosterior(name: string): PosteriorFile {
  const url = new URL(`../fixtures/posteriordb/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}
