import type { Capabilities, Quadratic } from "../energy.ts";

type QuadraticOf = Capabilities<unknown>["quadratic"];

/** Returns Σ_k w_k Q_k + constant. */
export function sumOfQuadratics(
  parts: readonly QuadraticOf[],
  weights: Float64Array,
  constant: number,
  send: () => void,
): QuadraticOf {
  return () => {
    send();
    const forms = parts.map((part) => part());
    const thresholds = new Float64Array(forms[0].thresholds.length);
    let offset = constant;
    for (const [k, form] of forms.entries()) {
      for (let i = 0; i < thresholds.length; i++) thresholds[i] += weights[k] * form.thresholds[i];
      offset += weights[k] * form.offset;
    }
    return { couplings: scaledPairs(forms, weights), thresholds, offset };
  };
}

/** The same pair may come from several parts: its couplings add up wherever pairs are read. */
function* scaledPairs(
  forms: readonly Quadratic[],
  weights: Float64Array,
): Generator<[number, number, number]> {
  for (const [k, { couplings }] of forms.entries()) {
    for (const [i, j, value] of couplings) yield [i, j, weights[k] * value];
  }
}

/**
 * Returns the form of the free spins alone, the others held at `whole`: their couplings become thresholds and an
 * offset.
 */
export function clampedQuadratic(
  quadratic: QuadraticOf,
  free: Uint32Array,
  whole: ArrayLike<number>,
): QuadraticOf {
  const place = new Int32Array(whole.length).fill(-1);
  for (const [k, i] of free.entries()) place[i] = k;
  return () => {
    const form = quadratic();
    const thresholds = Float64Array.from(free, (i) => form.thresholds[i]);
    const couplings: [number, number, number][] = [];
    let { offset } = form;
    for (let i = 0; i < whole.length; i++) if (place[i] < 0) offset += form.thresholds[i] * whole[i];
    for (const [i, j, value] of form.couplings) {
      if (place[i] >= 0 && place[j] >= 0) couplings.push([place[i], place[j], value]);
      else if (place[i] >= 0) thresholds[place[i]] -= value * whole[j];
      else if (place[j] >= 0) thresholds[place[j]] -= value * whole[i];
      else offset -= value * whole[i] * whole[j];
    }
    return { couplings, thresholds, offset };
  };
}
