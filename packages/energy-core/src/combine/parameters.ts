import type { Energy, Parameters, Partials } from "../energy.ts";

/** The parameters of several parts as one vector. */
export interface JoinedParameters<X> {
  readonly values: Float64Array;
  /** The parts that have parameters. */
  readonly places: readonly {
    readonly index: number;
    /** Adds the part's gradient to `out`, which has the order of the whole. */
    readonly addGradient: Parameters<X>["addGradient"];
  }[];
  /** Brings the parts to the values of the whole. */
  readonly send: () => void;
}

/**
 * The vectors that a joined one stands for: a vector that comes both by itself and in a joined one is still counted
 * once.
 */
const sources = new WeakMap<Float64Array, readonly Float64Array[]>();

/**
 * Returns the parameters of `parts` one after another, parts that share a vector once; undefined where no part has any.
 */
export function joinParameters<X>(parts: readonly Energy<X, object>[]): JoinedParameters<X> | undefined {
  const learnable = parts.flatMap((part, index) => {
    const { parameters }: Partials<X> = part.can;
    return parameters === undefined ? [] : [{ index, parameters }];
  });
  if (learnable.length === 0) return undefined;
  const vectors = new Set(learnable.map(({ parameters }) => parameters.values));
  if (vectors.size === 1) {
    const places = learnable.map(({ index, parameters }) => ({
      index,
      addGradient: (x: X, weight: number, out: Float64Array) => parameters.addGradient(x, weight, out),
    }));
    return { values: learnable[0].parameters.values, places, send: () => {} };
  }
  const offsets = new Map<Float64Array, number>();
  let size = 0;
  for (const source of [...vectors].flatMap(sourcesOf)) {
    if (offsets.has(source)) continue;
    offsets.set(source, size);
    size += source.length;
  }
  const values = new Float64Array(size);
  for (const [source, from] of offsets) values.set(source, from);
  sources.set(values, [...offsets.keys()]);
  const copies = [...new Set([...vectors, ...offsets.keys()])].flatMap((own) =>
    piecesOf(own, offsets).map(({ at, from, to }) => ({ target: own, at, view: values.subarray(from, to) })),
  );
  return {
    values,
    places: learnable.map(({ index, parameters }) => ({ index, addGradient: adder(parameters, offsets) })),
    send: () => {
      for (const { target, at, view } of copies) target.set(view, at);
    },
  };
}

function sourcesOf(vector: Float64Array): readonly Float64Array[] {
  return sources.get(vector) ?? [vector];
}

/** Returns where the sources of `vector` stand in it (`at`) and in the whole. */
function piecesOf(vector: Float64Array, offsets: ReadonlyMap<Float64Array, number>) {
  let at = 0;
  return sourcesOf(vector).map((source) => {
    const from = offsets.get(source) as number;
    const piece = { at, from, to: from + source.length };
    at += source.length;
    return piece;
  });
}

/** Returns what adds a part's gradient to one in the order of the whole. */
function adder<X>(
  parameters: Parameters<X>,
  offsets: ReadonlyMap<Float64Array, number>,
): Parameters<X>["addGradient"] {
  const { values } = parameters;
  const pieces = piecesOf(values, offsets);
  const { from: start } = pieces[0];
  if (pieces.every(({ at, from }) => from === start + at)) {
    return (x, weight, out) => parameters.addGradient(x, weight, out.subarray(start, start + values.length));
  }
  return (x, weight, out) => {
    const own = new Float64Array(values.length);
    parameters.addGradient(x, weight, own);
    for (const { at, from, to } of pieces) for (let i = from; i < to; i++) out[i] += own[at + i - from];
  };
}
