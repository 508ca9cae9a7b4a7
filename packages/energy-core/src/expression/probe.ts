import type { Gradient } from "../energy.ts";
import { ArgumentError, EnergyValueError } from "../errors.ts";
import { createRng } from "../random/rng.ts";

const DIRECTIONS = 4;
const FACTOR = 8;
const STEPS = 17;

/**
 * Checks the energy along lines through the origin, as far as floating-point numbers reach. An energy that falls
 * without bound along a ray is usually a log density with the wrong sign.
 *
 * @param whereNaN says where the formula is NaN at a state.
 * @throws {ArgumentError} where it falls; {EnergyValueError} where it is NaN at every point.
 */
export function refuseLogDensity(
  gradient: Gradient,
  dimension: number,
  whereNaN: (x: Float64Array) => string | undefined,
): void {
  const rng = createRng(0x10f);
  const out = new Float64Array(dimension);
  let numbers = 0;
  for (let k = 0; k < DIRECTIONS; k++) {
    const direction = Float64Array.from({ length: dimension }, () => rng.normal());
    for (const sign of [1, -1]) {
      const values: number[] = [];
      let isOutside = false;
      for (let step = 0; step < STEPS; step++) {
        const scale = 0.1 * sign * FACTOR ** step;
        const value = gradient(
          direction.map((d) => scale * d),
          out,
        );
        if (Number.isFinite(value)) numbers++;
        if (value === Number.NEGATIVE_INFINITY && !isOutside) refuse(values.at(-1) ?? Number.NaN, value);
        // A ray may begin outside of the domain, and leave it again: what counts is where it is at last.
        const wasOutside = isOutside;
        isOutside = !Number.isFinite(value);
        if (isOutside) continue;
        if (wasOutside) values.length = 0;
        values.push(value);
      }
      const [a, b, c] = values.slice(-3);
      // Bounded falls get slower by the factor of the steps; that of a logarithm, the slowest without bound,
      // does not.
      if (values.length > 4 && a - b > 1e-3 && b - c > 0.9 * (a - b)) refuse(a, c);
    }
  }
  if (numbers === 0) {
    const where = whereNaN(new Float64Array(dimension).fill(0.1));
    const fault =
      where === undefined
        ? "+∞ at every point of a probe"
        : `NaN at every point of a probe, first in ${where}`;
    throw new EnergyValueError(
      `the formula is ${fault}. Where only some values give a number, give the parts a support, such as interval(1, 2), or pass unbounded: true, which leaves the probe out`,
    );
  }
}

function refuse(from: number, to: number): never {
  throw new ArgumentError(
    `this looks like a log density: the formula falls without bound (from ${from.toPrecision(4)} to ${to.toPrecision(4)} along a ray), and an energy is −log p, low where states are likely. Change its sign, or pass unbounded: true where it is meant`,
  );
}
