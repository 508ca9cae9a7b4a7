/** The part of `AbortSignal` that is used here; every platform's qualifies. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

// Node, browsers and workers all have these two, but no one library of types covers them.
const platform = globalThis as unknown as {
  performance: { now(): number };
  setTimeout(callback: () => void, milliseconds: number): unknown;
};

/** Milliseconds since some fixed moment. */
export function now(): number {
  return platform.performance.now();
}

/** Lets timers, messages and rendering have their turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => platform.setTimeout(resolve, 0));
}

/** @throws the signal's reason when it is aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new Error("aborted");
}
