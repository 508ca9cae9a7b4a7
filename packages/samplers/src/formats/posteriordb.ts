import { ArgumentError } from "@basin/energy-core";
import { isObject } from "./arviz-json.ts";
import type { FilePart } from "./file-draws.ts";
import { flatten } from "./json-text.ts";
import { chainsOf, type Quantity } from "./quantities.ts";

/** Whether a value of JSON is an object of lists, or a list of such objects. */
export function isPosteriordb(value: unknown): boolean {
  const chains = Array.isArray(value) ? value : [value];
  return (
    chains.length > 0 &&
    chains.every((chain) => {
      const lists = isObject(chain) ? Object.values(chain) : [];
      return lists.length > 0 && lists.every(Array.isArray);
    })
  );
}

/**
 * Returns what the draws of posteriordb hold: a list of chains, each an object of one list of numbers for each
 * quantity, or one such object.
 *
 * @throws {ArgumentError} for chains of other quantities than the first, and for lists of lists.
 */
export function posteriordbPart(value: unknown): FilePart {
  if (!isPosteriordb(value)) {
    throw new ArgumentError(
      "this JSON is not a list of chains, each an object of lists of draws by name, as posteriordb has them",
    );
  }
  const chains = (Array.isArray(value) ? value : [value]) as Readonly<Record<string, unknown>>[];
  const names = Object.keys(chains[0]);
  for (const [k, chain] of chains.entries()) {
    const other = [
      ...names.filter((name) => !Object.hasOwn(chain, name)),
      ...Object.keys(chain).filter((name) => !names.includes(name)),
    ];
    if (other.length > 0)
      throw new ArgumentError(
        `chain ${k} has other quantities than chain 0: ${other.join(", ")} in one of them only`,
      );
  }
  const parameters: Quantity[] = names.map((name) => ({
    name,
    chains: chains.map((chain) => {
      const { shape, data } = flatten(name, chain[name]);
      if (shape.length === 1) return data;
      throw new ArgumentError(
        `"${name}" is a list of lists: of chains, as in an InferenceData (--format arviz-json reads it so), or of the elements of one draw (give each element a separate list)`,
      );
    }),
  }));
  return { readAs: "posteriordb's JSON, an object a chain", names, chains: chainsOf(parameters) };
}
