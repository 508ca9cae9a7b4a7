import type { Body, Node, Place } from "./node.ts";

/** Where the numbers of a scan are among its results: the first of each kind, and how many they are together. */
export function layout({ steps, carries, each, sums }: Body) {
  let length = 0;
  const place = (count: number) => (node: Node) => {
    const at = length;
    length += count * node.size;
    return at;
  };
  const places = {
    carries: carries.map(place(steps + 1)),
    each: each.map(place(steps)),
    sums: sums.map(place(1)),
  };
  return { ...places, length };
}

/** Returns what computes a scan, step after step; `kernel` makes what computes a node of a step. */
export function scanKernel(
  node: Node,
  out: Float64Array,
  place: Place,
  kernel: (node: Node, place: Place) => () => void,
): () => void {
  const body = node.body!;
  const { steps, isReversed, carries, entries, next, each, sums } = body;
  const numbers = new Map(body.nodes.map(({ id, size }) => [id, new Float64Array(size)]));
  for (const { id, size } of carries) if (!numbers.has(id)) numbers.set(id, new Float64Array(size));
  const within = (other: Node) => other.values ?? numbers.get(other.id) ?? place(other);
  const run = body.nodes.filter(({ op }) => op !== "argument").map((inner) => kernel(inner, within));
  const [held, read, after, kept, summed] = [carries, entries, next, each, sums].map((list) =>
    list.map(within),
  );
  const first = node.inputs.slice(0, held.length).map(place);
  const sequences = node.inputs.slice(held.length, held.length + read.length).map(place);
  const at = layout(body);
  return () => {
    for (const [k, values] of held.entries()) {
      copy(first[k], 0, values, 0, values.length);
      copy(values, 0, out, at.carries[k] + (isReversed ? steps * values.length : 0), values.length);
    }
    out.fill(0, at.sums[0] ?? at.length);
    for (let step = 0; step < steps; step++) {
      const t = isReversed ? steps - 1 - step : step;
      for (let k = 0; k < read.length; k++)
        copy(sequences[k], t * read[k].length, read[k], 0, read[k].length);
      for (let k = 0; k < run.length; k++) run[k]();
      for (let k = 0; k < after.length; k++)
        copy(after[k], 0, out, at.carries[k] + (isReversed ? t : t + 1) * held[k].length, held[k].length);
      for (let k = 0; k < kept.length; k++)
        copy(kept[k], 0, out, at.each[k] + t * kept[k].length, kept[k].length);
      for (let k = 0; k < summed.length; k++)
        for (let i = 0; i < summed[k].length; i++) out[at.sums[k] + i] += summed[k][i];
      // All are kept before one is replaced: a carry may be what another was.
      for (let k = 0; k < held.length; k++)
        copy(out, at.carries[k] + (isReversed ? t : t + 1) * held[k].length, held[k], 0, held[k].length);
    }
  };
}

function copy(from: Float64Array, start: number, to: Float64Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[start + i];
}
