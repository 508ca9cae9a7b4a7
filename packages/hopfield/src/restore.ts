import { ArgumentError } from "@basin/energy-core";
import { type HopfieldMemory, type PlainHopfield, restoreHopfield } from "./classical/memory.ts";
import { type DenseMemory, type PlainDense, restoreDense } from "./dense/memory.ts";
import type { PlainMemory } from "./plain.ts";

/**
 * Returns a memory made again from what it is made of: what it does is the same, to the bit.
 *
 * @throws {ArgumentError} for a kind of memory that this package does not make.
 */
export function restoreMemory(plain: PlainMemory): HopfieldMemory | DenseMemory {
  if (isOf<PlainDense>(plain, "dense")) return restoreDense(plain);
  if (isOf<PlainHopfield>(plain, "hopfield")) return restoreHopfield(plain);
  throw new ArgumentError(`the memory is of kind "${plain.kind}", expected hopfield or dense`);
}

function isOf<P extends PlainMemory>(plain: PlainMemory, kind: P["kind"]): plain is P {
  return plain.kind === kind;
}
