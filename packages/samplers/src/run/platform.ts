/** What the runner uses of a platform, declared here so that the library needs the types of neither Node nor the DOM. */

import { CapabilityError } from "@basin/energy-core";

declare const setTimeout: (callback: () => void, milliseconds: number) => unknown;

/** The part of an `AbortSignal` that is read. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** Resolves after pending events have been handled. */
export function yieldToEvents(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve, 0);
    else setImmediate(resolve);
  });
}

/** Throws the signal's reason when it has been aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason ?? new Error("sampling was aborted");
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/**
 * Returns a module of Node's, without an import that bundlers for browsers would have to resolve.
 *
 * @throws {CapabilityError} outside Node.
 */
export function nodeModule<T>(name: string, purpose: string): T {
  const { process } = globalThis as { process?: NodeProcess };
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) throw new CapabilityError(`${purpose} needs Node, and this is another platform`);
  return found as T;
}
