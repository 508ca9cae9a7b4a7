import { type Energy, isLearnable, type LearnableEnergy } from "../energy.ts";

/** The parameters of several parts as one live vector. */
export interface JoinedParameters {
  readonly parameters: Float64Array;
  /** Where the k-th part's parameters stand, for each part that has some. */
  readonly places: readonly { readonly index: number; readonly from: number; readonly to: number }[];
  /** Writes the vector into the parts; nothing to do where it is a part's own. */
  readonly send: () => void;
}

/**
 * Returns the parameters of all learnable parts one after another, an array that several parts share once; nothing when no part has any. A single
 * array stays the part's own; several are copied, and from then on the copy decides.
 */
export function joinParameters(parts: readonly Energy<never>[]): JoinedParameters | undefined {
  const offsets = new Map<Float64Array, number>();
  const places: { index: number; from: number; to: number }[] = [];
  let size = 0;
  for (const [index, part] of parts.entries()) {
    if (!isLearnable(part)) continue;
    const { parameters } = part;
    const known = offsets.get(parameters);
    const from = known ?? size;
    if (known === undefined) {
      offsets.set(parameters, size);
      size += parameters.length;
    }
    places.push({ index, from, to: from + parameters.length });
  }
  if (places.length === 0) return undefined;
  if (offsets.size === 1) return { parameters: [...offsets.keys()][0], places, send: () => {} };
  const parameters = new Float64Array(size);
  for (const [own, from] of offsets) parameters.set(own, from);
  const send = () => {
    for (const [own, from] of offsets) own.set(parameters.subarray(from, from + own.length));
  };
  return { parameters, places, send };
}

const ENTRIES = ["energy", "energyAndGradient", "attach", "energies"] as const;

/**
 * Gives `combined` the joined parameters, with the gradient Σ_k weight_k(x) ∂E_k/∂θ, and lets every entry send them to the parts first.
 */
export function withParameters(
  combined: Energy<never>,
  parts: readonly Energy<never>[],
  joined: JoinedParameters | undefined,
  weightsOf: (x: never) => ArrayLike<number>,
): Energy<never> {
  if (joined === undefined) return combined;
  const { parameters, places, send } = joined;
  if (parameters !== (parts[places[0].index] as LearnableEnergy<never>).parameters) {
    const entries = combined as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;
    for (const name of ENTRIES) {
      const entry = entries[name];
      if (entry === undefined) continue;
      entries[name] = (...args) => {
        send();
        return entry.apply(combined, args);
      };
    }
  }
  return Object.assign(combined, {
    parameters,
    addParameterGradient(x: never, weight: number, out: Float64Array) {
      send();
      const weights = weightsOf(x);
      for (const { index, from, to } of places) {
        const part = parts[index] as LearnableEnergy<never>;
        part.addParameterGradient(x, weight * weights[index], out.subarray(from, to));
      }
    },
  });
}
