/**
 * Returns the description of a value for an error: a number itself, otherwise its kind, with advice where there is
 * some.
 */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  if (typeof value === "bigint") return `the bigint ${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (typeof (value as { then?: unknown }).then === "function") return "a promise (await it)";
  const { shape, dataSync } = value as { shape?: ArrayLike<number>; dataSync?: unknown };
  if (typeof dataSync === "function")
    return `a tf.Tensor of shape [${Array.from(shape ?? []).join(", ")}] (await its data())`;
  if (Array.isArray(value)) {
    const [first] = value;
    if (typeof first !== "object" || first === null) return `an array of length ${value.length}`;
    return Array.isArray(first) || ArrayBuffer.isView(first)
      ? "nested arrays"
      : `an array whose first entry is ${kindOf(first)}`;
  }
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (value instanceof ArrayBuffer) return "an ArrayBuffer (wrap it: new Uint8Array(buffer))";
  return `an object with the keys ${Object.keys(value).slice(0, 5).join(", ") || "of none"}`;
}
