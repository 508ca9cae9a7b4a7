import { CapabilityError } from "./errors.ts";
import type { Moves, Space } from "./space.ts";

/**
 * Returns the moves of `space`.
 *
 * @throws {CapabilityError} naming `asker` where it has none.
 */
export function movesOf<X>(space: Space<X>, asker: string): Moves<X> {
  if (space.moves !== undefined) return space.moves;
  throw new CapabilityError(`${asker} needs discrete states with moves; ${space.name} have none`);
}
