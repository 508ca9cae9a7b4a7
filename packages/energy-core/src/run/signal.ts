/** The part of an `AbortSignal` that runs read and listen to; every platform's qualifies. */
export interface AbortSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * Throws the signal's reason when it has been aborted.
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  if (signal.reason !== undefined) throw signal.reason;
  throw Object.assign(new Error("aborted"), { name: "AbortError" });
}

/** What stops a run from inside. */
export interface Stop {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

// Every platform has it, but no one library of types covers it.
declare const AbortController: new () => Stop;

/**
 * Returns a signal that follows `signal`, if there is one, and can also be aborted separately. `release` stops
 * following.
 */
export function followSignal(signal: AbortSignal | undefined): Stop & { release(): void } {
  const controller = new AbortController();
  const follow = () => controller.abort(signal?.reason);
  if (signal?.aborted) follow();
  else signal?.addEventListener("abort", follow);
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => signal?.removeEventListener("abort", follow),
  };
}
