import { type HopfieldMemory, restoreHopfield } from "./classical/memory.ts";
import { type DenseMemory, restoreDense } from "./dense/memory.ts";
import type { PlainMemory } from "./plain.ts";

/** Returns a memory made again from what it is made of: what it does is the same, to the bit. */
export function restoreMemory(plain: PlainMemory): HopfieldMemory | DenseMemory {
  return plain.kind === "dense" ? restoreDense(plain) : restoreHopfield(plain);
}
