import type { Labeled, Labels } from "../energy.ts";
import { ArgumentError, CapabilityError, checkLength, checkNumber } from "../errors.ts";
import type { Space } from "../space.ts";

/**
 * Returns the space X × {0, …, labels − 1} of inputs with a label: a state is a pair `{ x, y }`, whose coordinates are
 * those of x and then the label.
 *
 * @example
 * ```ts
 * import { labeled, reals } from "@basin/energy-core";
 *
 * console.log(labeled(reals(2), 10).name); // 2 reals with one of 10 labels
 * ```
 *
 * @throws {ArgumentError} for a number of labels that is not an integer of at least 1.
 */
export function labeled<X, D extends object>(
  input: Space<X, D>,
  labels: number,
): Space<Labeled<X>, { readonly labels: Labels<X, D> }> {
  checkNumber("labels", labels, { min: 1, integer: true });
  const { dimension } = input;
  const name = `${input.name} with one of ${labels} labels`;
  const refuse = (asker: string): never => {
    throw new CapabilityError(`${asker} has no walk over ${name}; hold the label, or marginalize it`);
  };
  const space: Space<Labeled<X>, { readonly labels: Labels<X, D> }> = {
    name,
    dimension: dimension + 1,
    count: input.count * labels,
    logCount: input.logCount + Math.log(labels),
    check({ x, y }, what = "state") {
      input.check(x, what);
      if (!(Number.isInteger(y) && y >= 0 && y < labels)) {
        throw new ArgumentError(`${what} has label ${y}, expected an integer from 0 to ${labels - 1}`);
      }
    },
    copy: ({ x, y }) => ({ x: input.copy(x), y }),
    assign: (target, source) => {
      input.assign(target.x, source.x);
      Object.assign(target, { y: source.y });
    },
    random: (rng) => ({ x: input.random(rng), y: rng.index(labels) }),
    restart: (rng, { x }, spread) => ({ x: input.restart(rng, x, spread), y: rng.index(labels) }),
    fill(rng, { x, y }, known, spread) {
      checkLength("known", known.length, dimension + 1);
      const legal = Number.isInteger(y) && y >= 0 && y < labels;
      const filled = {
        x: input.fill(rng, x, Array.from(known).slice(0, dimension), spread),
        y: legal || known[dimension] ? y : rng.index(labels),
      };
      space.check(filled);
      return filled;
    },
    distance: (a, b) => input.distance(a.x, b.x) + (a.y === b.y ? 0 : 1),
    *starts(rng, options) {
      for (const x of input.starts(rng, options)) yield { x, y: rng.index(labels) };
    },
    part: () => refuse("a mask"),
    derive(energy) {
      const energies: Labels<X>["energies"] = (x, out) => {
        for (let y = 0; y < labels; y++) out[y] = energy({ x, y });
        return out;
      };
      return { labels: { input, count: labels, energies } };
    },
    descend: (_energy, _x, _options, asker) => refuse(asker),
    descendWithin: (_energy, _x, _options, asker) => refuse(asker),
  };
  return space;
}
