import { ArgumentError } from "@basin/energy-core";
import type { ChainDraws } from "../run/draws.ts";
import { chainFrom } from "./file-draws.ts";

/** One quantity over the chains of a file. */
export interface Quantity {
  readonly name: string;
  readonly chains: readonly Float64Array[];
}

/**
 * Returns chains of the parameters, their statistics beside them.
 *
 * @throws {ArgumentError} for quantities of different numbers of chains or draws.
 */
export function chainsOf(
  parameters: readonly Quantity[],
  statistics: readonly Quantity[] = [],
): ChainDraws[] {
  const [first] = parameters;
  for (const { name, chains } of [...parameters, ...statistics]) {
    const odd = chains.findIndex((chain, k) => chain.length !== first.chains[k]?.length);
    if (chains.length === first.chains.length && odd < 0) continue;
    const here = chains.map((chain) => chain.length).join(", ");
    const there = first.chains.map((chain) => chain.length).join(", ");
    throw new ArgumentError(`"${name}" has chains of ${here} draws, "${first.name}" has ${there}`);
  }
  const d = parameters.length;
  return first.chains.map((chain, k) => {
    const positions = new Float64Array(chain.length * d);
    for (const [i, { chains }] of parameters.entries()) {
      for (let t = 0; t < chain.length; t++) positions[t * d + i] = chains[k][t];
    }
    return chainFrom(positions, Object.fromEntries(statistics.map(({ name, chains }) => [name, chains[k]])));
  });
}
