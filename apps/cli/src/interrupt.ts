/** Exit codes of the signals that end a program: 128 plus the number of the signal. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type SignalName = keyof typeof CODES;
const NAMES = Object.keys(CODES) as SignalName[];

/** A parent program may forward a Ctrl-C that the terminal has already sent. Within this time, it is the same one. */
const SAME_PRESS_MS = 300;

/** The reason why a run was stopped from outside. */
export class Interruption extends Error {
  override readonly name = "AbortError";
  readonly exitCode: number;

  constructor(signal: SignalName) {
    super("interrupted");
    this.exitCode = CODES[signal];
  }
}

/** A listener for signals. */
export interface Interrupt {
  /**
   * Fires at the first Ctrl-C (SIGINT), SIGTERM or SIGHUP; the second has its usual effect and ends the process at
   * once.
   */
  readonly signal: AbortSignal;
  /** Stops listening. */
  close(): void;
}

/** Listens for signals. This module loads nothing, so that it can listen before anything else is loaded. */
export function listen(): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const hear = (name: SignalName) => () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort(new Interruption(name));
      // The system ends a process without a listener even while it computes.
      setTimeout(close, SAME_PRESS_MS).unref();
    } else if (performance.now() - first > SAME_PRESS_MS) {
      close();
      process.kill(process.pid, name);
    }
  };
  const listeners = NAMES.map((name) => [name, hear(name)] as const);
  const close = () => {
    for (const [name, listener] of listeners) process.off(name, listener);
  };
  for (const [name, listener] of listeners) process.on(name, listener);
  return { signal: controller.signal, close };
}
