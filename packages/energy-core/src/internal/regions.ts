/** The addresses of named regions of a kernel's memory, and `bytes`, the address behind the last. */
export type Regions<Name extends string> = Readonly<Record<Name | "bytes", number>>;

/**
 * Returns where regions of these sizes lie, in bytes, one after the other in the order of their names, each from a
 * multiple of `align` on.
 *
 * @param start where the first may begin.
 */
export function layOut<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
  { start = 0, align = 16 } = {},
): Regions<Name> {
  let bytes = start;
  const up = (at: number) => Math.ceil(at / align) * align;
  const regions: Record<string, number> = {};
  for (const name in sizes) {
    regions[name] = up(bytes);
    bytes = regions[name] + sizes[name];
  }
  return { ...regions, bytes: up(bytes) } as Regions<Name>;
}
