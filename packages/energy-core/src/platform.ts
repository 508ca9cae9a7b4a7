/** What runs need of a platform, declared here so that no package needs the types of Node or of the DOM. */

/** The part of an `AbortSignal` that is read; every platform's qualifies. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

// Node, browsers and workers all have the first two, but no one library of types covers them.
const platform = globalThis as unknown as {
  performance: { now(): number };
  setTimeout(callback: () => void, milliseconds: number): unknown;
  setImmediate?(callback: () => void): unknown;
};

/** Returns milliseconds since some fixed moment, for measuring how long things take. */
export function now(): number {
  return platform.performance.now();
}

/** Resolves after timers, messages and rendering have had their turn. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (platform.setImmediate) platform.setImmediate(() => resolve());
    else platform.setTimeout(resolve, 0);
  });
}

/** Throws the signal's reason when it has been aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (!signal?.aborted) return;
  if (signal.reason !== undefined) throw signal.reason;
  throw Object.assign(new Error("aborted"), { name: "AbortError" });
}
