/** A function of one parameter with its first two derivatives. */
export interface Jet {
  readonly value: number;
  readonly slope: number;
  readonly curve: number;
}

/** An array of functions of one parameter, and a common factor e^log taken out of them. */
export interface JetArray {
  readonly value: Float64Array;
  readonly slope: Float64Array;
  readonly curve: Float64Array;
  log: Jet;
}

export const ZERO: Jet = { value: 0, slope: 0, curve: 0 };

export function emptyJets(length: number): JetArray {
  return {
    value: new Float64Array(length),
    slope: new Float64Array(length),
    curve: new Float64Array(length),
    log: ZERO,
  };
}

export function addJets(a: Jet, b: Jet): Jet {
  return { value: a.value + b.value, slope: a.slope + b.slope, curve: a.curve + b.curve };
}

/** ln of a positive function. */
function logJet({ value, slope, curve }: Jet): Jet {
  const rate = slope / value;
  return { value: Math.log(value), slope: rate, curve: curve / value - rate * rate };
}

/** Σ of the entries `stride` apart. */
function sumJets(array: JetArray, stride: number): Jet {
  let [value, slope, curve] = [0, 0, 0];
  for (let i = 0; i < array.value.length; i += stride) {
    value += array.value[i];
    slope += array.slope[i];
    curve += array.curve[i];
  }
  return { value, slope, curve };
}

/**
 * Divides by the sum of the entries `stride` apart and keeps its logarithm, so that nothing grows and derivatives stay
 * small.
 */
export function normalizeJets(array: JetArray, stride: number): JetArray {
  const total = sumJets(array, stride);
  const { slope: p, curve: pp } = logJet(total);
  for (let i = 0; i < array.value.length; i++) {
    const v = array.value[i] / total.value;
    const d = array.slope[i] / total.value - p * v;
    array.curve[i] = array.curve[i] / total.value - 2 * p * d - (pp + p * p) * v;
    array.slope[i] = d;
    array.value[i] = v;
  }
  array.log = addJets(array.log, logJet(total));
  return array;
}

/** Returns the product of an n × n matrix and an n × m one, normalized by its trace (m = n) or its sum (m = 1). */
export function multiplyJets(a: JetArray, b: JetArray, n: number): JetArray {
  const m = b.value.length / n;
  const out = emptyJets(n * m);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const [v, d, c] = [a.value[i * n + k], a.slope[i * n + k], a.curve[i * n + k]];
      for (let j = 0, x = i * m, y = k * m; j < m; j++, x++, y++) {
        out.value[x] += v * b.value[y];
        out.slope[x] += v * b.slope[y] + d * b.value[y];
        out.curve[x] += v * b.curve[y] + 2 * d * b.slope[y] + c * b.value[y];
      }
    }
  }
  out.log = addJets(a.log, b.log);
  return normalizeJets(out, m === n ? n + 1 : 1);
}
