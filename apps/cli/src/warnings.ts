/** Keeps one of Node's warnings from the terminal of a user who can do nothing about it: that which begins so. */
export function silence(beginning: string): void {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    const text = typeof warning === "string" ? warning : warning.message;
    if (!text.startsWith(beginning)) emit.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
}
