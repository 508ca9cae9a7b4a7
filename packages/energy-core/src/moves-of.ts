import { CapabilityError } from "./errors.ts";
import type { Moves, Space } from "./space.ts";

/**
 * Returns the moves of `space`.
 *
 * @example
 * ```ts
 * import { movesOf, spins } from "@basin/energy-core";
 *
 * console.log(movesOf(spins(3), "a walk").state(5)); // [1, −1, 1]
 * ```
 *
 * @throws {CapabilityError} naming `asker` where it has none.
 */
export function movesOf<X>(space: Space<X>, asker: string): Moves<X> {
  if (space.moves !== undefined) return space.moves;
  throw new CapabilityError(`${asker} needs discrete states with moves; ${space.name} have none`);
}
