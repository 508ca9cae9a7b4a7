import { denseQuadratic, matrix, toMatrix } from "@basin/energy-core";
import { ndarrayOf } from "@basin/energy-core/data";
import { toVector } from "@basin/energy-core/internal";
import { asNdarray } from "@basin/energy-core/ndarray";
import fc from "fast-check";
import type { NdArray } from "ndarray";
import ops from "ndarray-ops";
import { describe, expect, it } from "vitest";

/** A view by some steps of the package's own on an array of 2 or 3 axes whose elements are 1, 2, 3 … */
export const views = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom("transpose", "hi", "lo", "step"), fc.infiniteStream(fc.nat())), {
      maxLength: 4,
    }),
  )
  .map(([shape, steps]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    let view: NdArray<Float64Array> = asNdarray(
      Float64Array.from({ length: size }, (_, i) => i + 1),
      shape,
    );
    for (const [step, numbers] of steps) view = moved(view, step, numbers);
    return view;
  });

function moved(view: NdArray<Float64Array>, step: string, numbers: Iterable<number>): NdArray<Float64Array> {
  const draw = numbers[Symbol.iterator]();
  const below = (limit: number) => (draw.next().value as number) % limit;
  if (step === "transpose") {
    const axes = view.shape.map((_, axis) => axis);
    for (let k = axes.length - 1; k > 0; k--) {
      const j = below(k + 1);
      [axes[k], axes[j]] = [axes[j], axes[k]];
    }
    return view.transpose(...axes);
  }
  if (step === "hi") return view.hi(...view.shape.map((length) => 1 + below(length)));
  if (step === "lo") return view.lo(...view.shape.map((length) => below(length)));
  // Steps of −1 turn an axis round.
  return view.step(...view.shape.map(() => [1, -1, 2, -2][below(4)]));
}

/** The elements in C order, by the package's own get. */
function elements(view: NdArray<Float64Array>): number[] {
  const read = (at: number[]): number[] =>
    at.length === view.shape.length
      ? [view.get(...at)]
      : Array.from({ length: view.shape[at.length] }, (_, i) => read([...at, i])).flat();
  return read([]);
}

describe("asNdarray", () => {
  it("shares the memory of a typed array, with the axes asked for", () => {
    const spins = Int8Array.of(1, 1, -1, -1, 1, 1);
    const lattice = asNdarray(spins, [2, 3]);
    expect(lattice.data).toBe(spins);
    expect([lattice.get(0, 2), lattice.get(1, 0)]).toEqual([-1, -1]);
    lattice.set(1, 0, 7);
    expect(spins[3]).toBe(7);
    expect(asNdarray(spins).shape).toEqual([6]);
  });

  it("shares the memory of matrices and of arrays read from files, strides and offset included", () => {
    const { weights } = denseQuadratic([
      [0, 1],
      [1, 0],
    ]);
    expect(asNdarray(weights).get(0, 1)).toBe(1);
    const image = ndarrayOf(Uint8Array.of(0, 1, 2, 3, 4, 5), [2, 3]);
    expect(asNdarray(image).transpose(1, 0).get(2, 1)).toBe(5);
    const turned = asNdarray({ data: Float32Array.of(1, 2, 3), shape: [3], stride: [-1], offset: 2 });
    expect([turned.get(0), turned.get(2)]).toEqual([3, 1]);
    expect(turned.offset).toBe(2);
  });

  it("is taken by tools for ndarrays", () => {
    const data = Float64Array.of(1, 2, 3, 4);
    ops.mulseq(
      asNdarray(matrix(data, 2, 2))
        .transpose(1, 0)
        .hi(1, 2),
      10,
    );
    expect([...data]).toEqual([10, 2, 30, 4]);
  });

  it("refuses shapes that do not fit, nested arrays and tensors", () => {
    expect(() => asNdarray(new Float64Array(5), [2, 3])).toThrow(
      "an ndarray of shape [2, 3] reaches elements 0…5, but its data has length 5",
    );
    expect(() => asNdarray(new Float64Array(7), [2, 3])).toThrow(
      "an ndarray of shape [2, 3] was asked for, but there are 7 numbers",
    );
    expect(() => asNdarray(new Float64Array(6), [-2, -3])).toThrow("lengths that are integers of at least 0");
    expect(() => asNdarray(matrix(new Float64Array(4), 2, 2), [4])).toThrow(
      "has the shape [2, 2]: pass its data",
    );
    expect(() => asNdarray([[1, 2]] as never)).toThrow("the source of an ndarray is nested arrays");
    const tensor = { shape: [2], dataSync: () => [1, 2] };
    expect(() => asNdarray(tensor as never)).toThrow("a tf.Tensor of shape [2] (await its data())");
  });
});

describe("what takes ndarrays", () => {
  it("reads transposed, stepped, cut and turned views as their copies", () => {
    fc.assert(
      fc.property(views, (view) => {
        const all = elements(view);
        expect([...toMatrix(view, Float64Array).data]).toEqual(all);
        const line = view.pick(...view.shape.map((_, axis) => (axis === 0 ? null : 0)));
        expect([...(toVector(line) as Float64Array)]).toEqual(
          Array.from({ length: line.shape[0] }, (_, i) => line.get(i)),
        );
      }),
      { seed: 1, numRuns: 400 },
    );
  });
});
