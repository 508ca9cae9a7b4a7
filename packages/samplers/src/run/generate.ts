import { ArgumentError, DimensionError } from "@basin/energy-core";
import { checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { type Draws, deriveDraws, type StateArray } from "./draws.ts";
import { variablesOf } from "./variables.ts";

/** Options of {@link generateDraws}. */
export interface GenerateOptions {
  /** Seed of what is drawn, an integer in [0, 2⁵³). Default: drawn, and reported in the result. */
  seed?: number;
}

/** What is generated at a draw: numbers, or lists of numbers, by name. */
export type Generated = Readonly<Record<string, number | ArrayLike<number>>>;

/**
 * Returns draws of generated quantities: `generate` is called at every draw with the values of the variables there and a random stream, and returns
 * numbers and lists by name, as `{ y: [1, 2] }`, which become the coordinates `y[0]`, `y[1]`. With draws of a posterior and y ~ p(y | θ) they are
 * posterior predictive draws, with draws of a prior prior predictive ones; with log p(y_i | θ) they are the log likelihood that {@link leaveOneOut} takes.
 *
 * The values are arrays by the names of the coordinates: `{ mu: [m], theta }` for `mu`, `theta[0]`, `theta[1]` …, matrices by rows. They are views that
 * are valid during the call. Chain k draws from stream k of the seed.
 *
 * @throws {DimensionError} where a call returns other names, or lists of other lengths, than the first.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { generateDraws, nuts, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 1 }), nuts(), { seed: 1, names: ["mu"] });
 * const predicted = generateDraws(
 *   draws,
 *   ({ mu: [mu] }, rng) => ({ y: [mu + rng.normal(), mu + rng.normal()] }),
 *   { seed: 2 },
 * );
 * console.table(summary(predicted)); // rows y[0] and y[1], of variance 2
 * ```
 */
export function generateDraws<X extends StateArray>(
  draws: Draws<X>,
  generate: (values: Readonly<Record<string, NoInfer<X>>>, rng: Rng) => Generated,
  options: GenerateOptions = {},
): Draws {
  checkOptions("generateDraws", options, "seed");
  const seed = seedOf(options);
  const root = createRng(seed);
  const variables = variablesOf(draws.names);
  const valuesAt = (position: X) =>
    Object.fromEntries(
      variables.map(({ name, first, size }) => [name, position.subarray(first, first + size) as X]),
    );
  const [{ positions }] = draws.chains;
  if (positions.length === 0)
    throw new ArgumentError("these draws were not kept (keep: false), so there is nothing to generate from");
  const first = generate(valuesAt(positions.subarray(0, draws.dimension) as X), root.split(0));
  const writer = writerOf(first);
  const chains = draws.chains.map((chain, k) => {
    const rng = root.split(k);
    const at = (position: X) => writer.write(generate(valuesAt(position), rng));
    return deriveDraws({ ...draws, chains: [chain] }, writer.names, at).chains[0];
  });
  return { ...draws, seed, names: writer.names, dimension: writer.names.length, chains };
}

/** Returns what writes quantities like those given into one array, with the names of its entries: `name`, or `name[0]`, `name[1]` … */
function writerOf(first: Generated) {
  const expected = Object.entries(first).map(([name, value]) => ({ name, length: lengthOf(value) }));
  const names = expected.flatMap(({ name, length }) =>
    length === undefined ? [name] : Array.from({ length }, (_, i) => `${name}[${i}]`),
  );
  const out = new Float64Array(names.length);
  const write = (generated: Generated) => {
    const entries = Object.entries(generated);
    const fits = entries.every(
      ([name, value], k) => name === expected[k]?.name && lengthOf(value) === expected[k].length,
    );
    if (!fits || entries.length !== expected.length) {
      const here = entries.map(([name, value]) => ({ name, length: lengthOf(value) }));
      throw new DimensionError(
        `generate returned ${inWords(here)}, expected as at the first draw ${inWords(expected)}`,
      );
    }
    let at = 0;
    for (const [, value] of entries) {
      if (typeof value === "number") out[at++] = value;
      else for (let i = 0; i < value.length; i++) out[at++] = value[i];
    }
    return out;
  };
  return { names, write };
}

interface Shaped {
  readonly name: string;
  readonly length: number | undefined;
}

function lengthOf(value: number | ArrayLike<number>): number | undefined {
  return typeof value === "number" ? undefined : value.length;
}

function inWords(list: readonly Shaped[]): string {
  return list.map(({ name, length }) => (length === undefined ? name : `${name} of ${length}`)).join(", ");
}
