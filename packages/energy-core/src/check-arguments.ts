import type { Capabilities, Energy } from "./energy.ts";
import { EnergyValueError } from "./errors.ts";

/** An energy that contradicts itself. It is a fault of the energy, which no other state mends. */
export class FaultyEnergyError extends EnergyValueError {
  static override readonly basinName: string = "FaultyEnergyError";
}

/** @throws {FaultyEnergyError} for an energy that changes the state it is given. States other than arrays pass. */
export function checkKeepsState<X>(energy: Pick<Energy<X>, "energy" | "space">, x: X): void {
  if (!ArrayBuffer.isView(x)) return;
  const given = energy.space.copy(x);
  energy.energy(given);
  refuseChanged("the energy", x, given);
}

/**
 * Returns the gradient at `x`.
 *
 * @throws {FaultyEnergyError} for one that adds to what is in its array or leaves entries out, or changes the state.
 */
export function gradientAt<X>(
  gradient: Capabilities<X>["gradient"],
  space: Energy<X>["space"],
  x: X,
): Float64Array {
  const [zeros, ones] = [0, 1].map((before) => {
    const out = new Float64Array(space.dimension).fill(before);
    const given = space.copy(x);
    gradient(given, out);
    refuseChanged("the gradient", x, given);
    return out;
  });
  const left = zeros.findIndex((value, i) => !Object.is(value, ones[i]));
  if (left >= 0)
    throw new FaultyEnergyError(
      `the gradient depends on what its array held before, in coordinate ${left}: it must set every entry (gradient[${left}] = …), not add to it or leave it out`,
    );
  return zeros;
}

function refuseChanged<X>(what: string, before: X, after: X): void {
  const [old, now] = [before, after] as unknown as ArrayLike<number>[];
  for (let i = 0; i < old.length; i++)
    if (!Object.is(old[i], now[i]))
      throw new FaultyEnergyError(
        `${what} changes the state that it is given (entry ${i} from ${old[i]} to ${now[i]}): copy it first, as by x.slice()`,
      );
}
