/**
 * Returns a signal that fires at the first Ctrl-C (SIGINT) or SIGTERM, so that a run can stop at a clean point and keep what it
 * has; a second one ends the process at once.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}
