import { describe, expect, test } from "vitest";
import { readDraws } from "../../src/formats/index.ts";
import { series } from "../../src/index.ts";

/** Returns the bytes of a NumPy array of doubles 0, 1, 2 … in the order of memory. */
function npy(shape: readonly number[], fortran = false): Uint8Array {
  const count = shape.reduce((size, length) => size * length, 1);
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '<f8', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${axes}), }`
    .padEnd(117)
    .concat("\n");
  const start = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length, 0);
  const numbers = Float64Array.from({ length: count }, (_, i) => i);
  return Uint8Array.of(...start, ...new TextEncoder().encode(header), ...new Uint8Array(numbers.buffer));
}

const read = (content: Uint8Array, axes?: string[]) => readDraws([{ name: "x.npy", content }], { axes });

describe("a NumPy array", () => {
  test("of one axis is a chain, and files are chains", async () => {
    const two = [npy([4]), npy([4]).with(-1, 0x3f)].map((content, k) => ({ name: `${k}.npy`, content }));
    const draws = await readDraws(two);
    expect(draws).toMatchObject({ draws: 4, names: ["x"], readAs: "NumPy's array of 4 draws" });
    expect(draws.chains).toHaveLength(2);
  });
  test("of more axes has several readings, and `axes` decides", async () => {
    await expect(read(npy([2, 3]))).rejects.toThrow(
      'x.npy: this array has the shape [2, 3]; say what its axes are: axes "chain,draw" (--axes chain,draw) or "draw,x" (--axes draw,x)',
    );
    const chains = await read(npy([2, 3]), ["chain", "draw"]);
    expect(series(chains, "x").map((chain) => [...chain])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    const coordinates = await read(npy([2, 3]), ["draw", "theta"]);
    expect(coordinates.names).toEqual(["x[0]", "x[1]", "x[2]"]);
    expect(series(coordinates, "x[1]").map((chain) => [...chain])).toEqual([[1, 4]]);
  });
  test.each([false, true])("goes by axes whatever their order, in Fortran's order: %s", async (fortran) => {
    const at = (t: number, k: number, i: number) => (fortran ? t + 4 * (k + 2 * i) : (t * 2 + k) * 3 + i);
    const draws = await read(npy([4, 2, 3], fortran), ["draw", "chain", "i"]);
    for (let k = 0; k < 2; k++) {
      for (let i = 0; i < 3; i++) {
        expect([...series(draws, i)[k]]).toEqual([0, 1, 2, 3].map((t) => at(t, k, i)));
      }
    }
  });
  test.each([
    [[2, 3], ["draw"], "there are 1 names of axes (draw) for the shape [2, 3]"],
    [[2, 3], ["chain", "x"], 'the axes are chain,x, expected different names with "draw" among them'],
    [[2, 3], ["draw", "draw"], "the axes are draw,draw, expected different names"],
    [[0], undefined, "this array has the shape [0] and holds no draws"],
  ])("of shape %j by axes %j is refused", async (shape, axes, message) => {
    await expect(read(npy(shape), axes)).rejects.toThrow(message);
  });
});
