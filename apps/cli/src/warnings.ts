/** Hides the warning of Node that begins with a text, because users can do nothing about it. */
export function silence(beginning: string): void {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    const text = typeof warning === "string" ? warning : warning.message;
    if (!text.startsWith(beginning)) emit.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
}
