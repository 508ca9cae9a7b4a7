import { ArgumentError, DimensionError } from "@basin/energy-core";
import { checkKind, checkNumbers, checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { checkDraws, type Draws, deriveDraws, type StateArray } from "./draws.ts";
import { variablesOf } from "./variables.ts";

/** Options of {@link generateDraws}. */
export interface GenerateOptions {
  /** Seed of what is drawn, an integer in [0, 2⁵³). Default: drawn, and reported in the result. */
  seed?: number;
}

/** What is generated at a draw: numbers, or lists of numbers, by name. */
export type Generated = Readonly<Record<string, number | ArrayLike<number>>>;

/**
 * Returns draws of generated quantities. `generate` is called once for each draw, with the values of the variables and
 * a random stream. It returns numbers and lists by name: `{ y: [1, 2] }` gives the coordinates `y[0]` and `y[1]`. With
 * y ~ p(y | θ), draws of a posterior give posterior predictive draws, and draws of a prior give prior predictive draws.
 * With log p(y_i | θ), they give the log likelihood that {@link leaveOneOut} takes.
 *
 * The values are arrays by the names of the coordinates: `{ mu: [m], theta }` for `mu`, `theta[0]`, `theta[1]` …,
 * matrices row by row. They are views, valid during the call. Chain k draws from stream k of the seed.
 *
 * @throws {DimensionError} if a call returns other names, or lists of other lengths, than the first call. @throws
 * {ArgumentError} if it returns anything but numbers and lists of numbers.
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
  checkDraws(draws, "generateDraws");
  checkKind("generate", generate, typeof generate === "function", "a function of the values at a draw");
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
  const streams = draws.chains.map((_, k) => root.split(k));
  const writer = writerOf(generate(valuesAt(positions.subarray(0, draws.dimension) as X), streams[0]));
  let isFirst = true;
  const chains = draws.chains.map((chain, k) => {
    const at = (position: X) => {
      if (!isFirst) return writer.write(generate(valuesAt(position), streams[k]));
      isFirst = false;
      return writer.first;
    };
    return deriveDraws({ ...draws, chains: [chain] }, writer.names, at).chains[0];
  });
  return { ...draws, seed, names: writer.names, dimension: writer.names.length, chains };
}

/**
 * Returns a function that writes quantities into one array, the array itself, which starts with the quantities given,
 * and the names of its entries: `name`, or `name[0]`, `name[1]` …
 */
function writerOf(first: Generated) {
  const expected = shapesOf(first);
  const names = expected.flatMap(({ name, length }) =>
    length === undefined ? [name] : Array.from({ length }, (_, i) => `${name}[${i}]`),
  );
  if (names.length === 0)
    throw new ArgumentError("generate returned no numbers at the first draw, expected at least one");
  const out = new Float64Array(names.length);
  const write = (generated: Generated) => {
    const here = shapesOf(generated);
    const fits = here.every(
      ({ name, length }, k) => name === expected[k]?.name && length === expected[k].length,
    );
    if (!fits || here.length !== expected.length) {
      throw new DimensionError(
        `generate returned ${inWords(here)}, expected as at the first draw ${inWords(expected)}`,
      );
    }
    let at = 0;
    for (const value of Object.values(generated)) {
      if (typeof value === "number") out[at++] = value;
      else for (let i = 0; i < value.length; i++) out[at++] = value[i];
    }
    return out;
  };
  return { names, write, first: write(first) };
}

interface Shaped {
  readonly name: string;
  readonly length: number | undefined;
}

function shapesOf(generated: Generated): Shaped[] {
  const isRecord = typeof generated === "object" && generated !== null && !Array.isArray(generated);
  checkKind("what generate returned", generated, isRecord, "numbers and lists of numbers by name");
  return Object.entries(generated).map(([name, value]) => ({
    name,
    length: typeof value === "number" ? undefined : checkNumbers(name, value).length,
  }));
}

function inWords(list: readonly Shaped[]): string {
  return list.map(({ name, length }) => (length === undefined ? name : `${name} of ${length}`)).join(", ");
}
