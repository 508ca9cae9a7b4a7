import { createRng } from "@basin/energy-core/random";
import { fitScore } from "@basin/jem/outliers";
import { describe, expect, it, vi } from "vitest";
import { energies } from "../../src/outliers/energies.ts";
import { compiledEnergies } from "../../src/outliers/energy-kernel.ts";

/** Logits of several sizes, in rows that fill chunks and lanes, or do not. */
function rowsOf(count: number, width: number, spread: number) {
  const rng = createRng(width);
  const data = Float32Array.from({ length: count * width }, () => spread * rng.normal());
  return { data, count, width, what: "logits" };
}

describe("compiledEnergies", () => {
  it.each([
    [5000, 1],
    [2000, 3],
    [900, 6],
    [400, 1000],
    [3, 65_535],
    [2, 70_000],
  ])("gives the bits of TypeScript for %i rows of %i logits", (count, width) => {
    for (const [spread, temperature] of [
      [1, 1],
      [300, 0.5],
      [0.01, 7],
    ]) {
      const rows = rowsOf(count, width, spread);
      if (width > 1) rows.data[width + 1] = Number.NEGATIVE_INFINITY;
      expect(compiledEnergies(rows, temperature)).toEqual(energies(rows, temperature));
    }
  });

  it("is what a fitted energy runs, and not what other numbers than 32-bit floats get", () => {
    const [set, rows] = [vi.spyOn(Float32Array.prototype, "set"), rowsOf(500, 10, 1)];
    compiledEnergies(rows, 1);
    expect(set).toHaveBeenCalledTimes(1);
    fitScore("energy", { logits: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 0]] }).score({
      logits: { data: rows.data, shape: [500, 10] },
    });
    expect(set).toHaveBeenCalledTimes(2);
    compiledEnergies({ ...rows, data: Float64Array.from(rows.data) }, 1);
    expect(set).toHaveBeenCalledTimes(2);
    set.mockRestore();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "names the row that holds %d throughout",
    (value) => {
      const rows = rowsOf(1000, 5, 1);
      rows.data.fill(value, 5 * 700, 5 * 701);
      expect(() => compiledEnergies(rows, 1)).toThrow(/logits row 700, column 0 is (NaN|-?Infinity)/);
    },
  );

  it("names the column of a single NaN", () => {
    const rows = rowsOf(1000, 5, 1);
    rows.data[5 * 700 + 3] = Number.NaN;
    expect(() => compiledEnergies(rows, 1)).toThrow(/logits row 700, column 3 is NaN/);
  });
});
