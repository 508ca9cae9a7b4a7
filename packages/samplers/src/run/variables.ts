/** Names that are those of the entries of one array. */
export interface NamedVariable {
  readonly name: string;
  /** Index of the first entry; the others follow it. */
  readonly first: number;
  /** Number of entries. */
  readonly size: number;
  /** Indices along each axis; none for a single number. */
  readonly labels: readonly (readonly number[])[];
}

// Indices as JavaScript writes numbers. A leading zero would be lost.
const INDEXED = /^(.+)\[((?:0|[1-9]\d{0,8})(?:,(?:0|[1-9]\d{0,8}))*)\]$/s;

/**
 * Returns the variables behind names. `name[0]`, `name[1]` … or, in row-major order, `name[1,1]`, `name[1,2]` … are the
 * entries of one variable. Any other name is a variable of one entry.
 */
export function variablesOf(names: readonly string[]): NamedVariable[] {
  const runs: { base: string; first: number; indices: number[][] }[] = [];
  for (const [at, name] of names.entries()) {
    const match = INDEXED.exec(name);
    const [base, index] = match ? [match[1], match[2].split(",").map(Number)] : [name, []];
    const last = runs.at(-1);
    if (match && last?.base === base && last.indices[0].length === index.length) last.indices.push(index);
    else runs.push({ base, first: at, indices: [index] });
  }
  const bases = runs.map(({ base }) => base);
  return runs.flatMap(({ base, first, indices }): NamedVariable[] => {
    const labels = boxOf(indices);
    const whole = labels !== undefined && bases.indexOf(base) === bases.lastIndexOf(base);
    return whole
      ? [{ name: base, first, size: indices.length, labels }]
      : indices.map((_, k) => ({ name: names[first + k], first: first + k, size: 1, labels: [] }));
  });
}

/** Returns the labels along each axis when the indices run through a whole box in row-major order. */
function boxOf(indices: readonly (readonly number[])[]): number[][] | undefined {
  const [first] = indices;
  const last = indices[indices.length - 1];
  const labels = first.map((from, axis) =>
    Array.from({ length: Math.max(0, last[axis] - from + 1) }, (_, i) => from + i),
  );
  if (labels.reduce((size, axis) => size * axis.length, 1) !== indices.length) return undefined;
  const inOrder = indices.every((index, at) => {
    let rest = at;
    return [...index].reverse().every((value, back) => {
      const axis = labels[labels.length - 1 - back];
      const expected = axis[rest % axis.length];
      rest = Math.floor(rest / axis.length);
      return value === expected;
    });
  });
  return inOrder ? labels : undefined;
}
