/** What the runner uses of a platform, declared here so that the library needs the types of neither Node nor the DOM. */

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
