import { type LossName, loss } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";

/** Answers y_k on a grid over [0, 1]. */
export const answers = Float64Array.from({ length: 9 }, (_, k) => k / 8);
const HIDDEN = 8;
const FEATURES = 4;
const SIZE = HIDDEN * 2 + FEATURES * (HIDDEN + 1);

/** A net 1 → 8 tanh → 4, its weights a slice of one vector. */
function features(weights: Float64Array, input: number) {
  const hidden = Float64Array.from({ length: HIDDEN }, (_, h) =>
    Math.tanh(weights[2 * h] * input + weights[2 * h + 1]),
  );
  const out = Float64Array.from({ length: FEATURES }, (_, f) => {
    const at = 2 * HIDDEN + f * (HIDDEN + 1);
    return hidden.reduce((sum, v, h) => sum + weights[at + h] * v, weights[at + HIDDEN]);
  });
  return { hidden, out };
}

function backward(
  weights: Float64Array,
  input: number,
  hidden: Float64Array,
  pull: Float64Array,
  into: Float64Array,
) {
  const back = new Float64Array(HIDDEN);
  for (let f = 0; f < FEATURES; f++) {
    const at = 2 * HIDDEN + f * (HIDDEN + 1);
    for (let h = 0; h < HIDDEN; h++) {
      into[at + h] += pull[f] * hidden[h];
      back[h] += pull[f] * weights[at + h];
    }
    into[at + HIDDEN] += pull[f];
  }
  for (let h = 0; h < HIDDEN; h++) {
    const slope = back[h] * (1 - hidden[h] ** 2);
    into[2 * h] += slope * input;
    into[2 * h + 1] += slope;
  }
}

/**
 * The implicit regression of LeCun et al. (2006, §5): E(x, y) = ½ |G₁(x) − G₂(y)|², both sides free to move, so that a
 * constant energy is within reach. Learns y = x² and reports what the energy surface became.
 */
export function learnSquare(name: LossName, epochs = 400, rate = 0.05) {
  const rng: Rng = createRng(17);
  const left = Float64Array.from({ length: SIZE }, () => 0.7 * rng.normal());
  const right = Float64Array.from({ length: SIZE }, () => 0.7 * rng.normal());
  const inputs = Float64Array.from(answers, (y) => Math.sqrt(y));
  const energiesOf = (x: number) => {
    const g = features(left, x);
    const sides = Array.from(answers, (y) => features(right, y));
    const gaps = sides.map(({ out }) => out.map((v, f) => g.out[f] - v));
    return { g, sides, gaps, energies: gaps.map((gap) => 0.5 * gap.reduce((sum, d) => sum + d * d, 0)) };
  };
  const surface = () => {
    let [spread, correct, total] = [0, 0, 0];
    for (const [k, x] of inputs.entries()) {
      const { energies } = energiesOf(x);
      spread += (Math.max(...energies) - Math.min(...energies)) / inputs.length;
      if (energies.indexOf(Math.min(...energies)) === k) correct++;
      total += loss(name, energies, k, { margin: 1 }).loss / inputs.length;
    }
    return { spread, accuracy: correct / inputs.length, loss: total };
  };
  const before = surface();
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [k, x] of inputs.entries()) {
      const { g, sides, gaps, energies } = energiesOf(x);
      const { gradient } = loss(name, energies, k, { margin: 1 });
      const [dLeft, dRight] = [new Float64Array(SIZE), new Float64Array(SIZE)];
      for (const [y, slope] of gradient.entries()) {
        if (slope === 0) continue;
        backward(
          left,
          x,
          g.hidden,
          gaps[y].map((d) => slope * d),
          dLeft,
        );
        backward(
          right,
          answers[y],
          sides[y].hidden,
          gaps[y].map((d) => -slope * d),
          dRight,
        );
      }
      for (let i = 0; i < SIZE; i++) {
        left[i] -= rate * dLeft[i];
        right[i] -= rate * dRight[i];
      }
    }
  }
  return { before, after: surface() };
}
