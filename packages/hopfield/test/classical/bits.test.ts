import { row } from "@basin/energy-core";
import { corrupt, hopfield, randomPatterns } from "@basin/hopfield";
import { expect, it } from "vitest";
import { packColumns, packPatterns, packRows, rowStride } from "../../src/classical/bits.ts";

it.each([
  [1, 1],
  [8, 64],
  [9, 65],
  [19, 131],
])("packs %i patterns of %i spins by rows and columns, and gives them back", (count, neurons) => {
  const patterns = randomPatterns(count, neurons, { seed: 5 });
  const packed = packPatterns(patterns);
  expect(packed.data).toEqual(patterns.data);
  const stride = Math.ceil(count / 8);
  for (const source of [patterns, packed]) {
    const rows = new Uint8Array(count * rowStride(neurons));
    const columns = new Uint8Array(neurons * stride);
    packRows(rows, source);
    packColumns(columns, source);
    for (let mu = 0; mu < count; mu++) {
      for (let i = 0; i < neurons; i++) {
        const bit = patterns.data[mu * neurons + i] > 0 ? 1 : 0;
        expect((rows[mu * rowStride(neurons) + (i >> 3)] >> (i & 7)) & 1).toBe(bit);
        expect((columns[i * stride + (mu >> 3)] >> (mu & 7)) & 1).toBe(bit);
      }
    }
  }
});

it("keeps large Hebbian memories as bits, and recalls, grows and tells what it holds as ever", () => {
  const patterns = randomPatterns(70, 65_536, { seed: 3 });
  const memory = hopfield(patterns);
  const first = row(patterns, 0).slice();
  // The memory is its own: what happens to the source afterwards is no concern of its.
  row(patterns, 1).fill(1);
  const probe = corrupt(first, 0.2, { seed: 1 });
  const { state, converged, energy } = memory.recall(probe, { seed: 2 });
  expect(converged).toBe(true);
  expect(state).toEqual(first);
  expect(memory.overlap(state)[0]).toBe(1);
  expect(memory.energy(state)).toBe(energy);
  expect(memory.patterns.data).toEqual(randomPatterns(70, 65_536, { seed: 3 }).data);
  const grown = memory.store([probe]);
  expect(grown.patterns.shape).toEqual([71, 65_536]);
  expect(grown.forget(70).energy(state)).toBe(energy);
  expect(() => hopfield({ data: new Int8Array(2 ** 22), shape: [64, 65_536] })).toThrow(
    /patterns\[0\]\[0\] is 0/,
  );
});
