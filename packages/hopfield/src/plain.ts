import { ArgumentError } from "@basin/energy-core";

/** The kind and the parts of a memory, so that it can be cloned to another thread and recreated there. */
export interface PlainMemory {
  readonly kind: string;
}

const plains = new WeakMap<object, () => PlainMemory>();

/** Says what a memory is made of. */
export function registerPlain(memory: object, plain: () => PlainMemory): void {
  plains.set(memory, plain);
}

/**
 * Returns what a memory is made of.
 *
 * @throws {ArgumentError} for a memory that this package did not make, or with parts that cannot be cloned.
 */
export function plainMemory(memory: object): PlainMemory {
  const plain = plains.get(memory);
  if (plain) return plain();
  throw new ArgumentError(
    "the memory cannot be sent to a thread, expected one made by hopfield or denseMemory; measure it with workers 1",
  );
}
