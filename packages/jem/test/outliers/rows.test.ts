import { ArgumentError, DimensionError } from "@basin/energy-core";
import { energyScore, fitScore, maxLogitScore, maxSoftmaxScore, type RowsLike } from "@basin/jem/outliers";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";

const rows = [
  [4, 0, -1],
  [0.5, 2, 1],
];
const flat = rows.flat();
const largest = Float64Array.of(-4, -2);

const forms: [string, RowsLike][] = [
  ["nested arrays", rows],
  ["arrays of typed arrays", rows.map((row) => Float32Array.from(row))],
  ["floats of 32 bits with a shape", { data: Float32Array.from(flat), shape: [2, 3] }],
  ["floats of 64 bits with a shape", { data: Float64Array.from(flat), shape: [2, 3] }],
  ["a plain array with a shape", { data: flat, shape: [2, 3] }],
  ["a tensor of ONNX Runtime", { data: Float32Array.from(flat), dims: [2, 3], type: "float32" }],
  ["axes of length 1 within", { data: Float32Array.from(flat), dims: [2, 1, 3] }],
  ["a transposed view", { data: [4, 0.5, 0, 2, -1, 1], shape: [2, 3], stride: [1, 2], offset: 0 }],
  ["a view with an offset", { data: [9, ...flat], shape: [2, 3], stride: [3, 1], offset: 1 }],
  [
    "16-bit floats as their bits",
    { data: Uint16Array.of(0x4400, 0, 0xbc00, 0x3800, 0x4000, 0x3c00), dims: [2, 3], type: "float16" },
  ],
];

describe("logits", () => {
  it.each(forms)("are read from %s", (_, source) => {
    expect(maxLogitScore(source)).toEqual(largest);
  });

  it("are read from one flat array where the number of classes is given", () => {
    expect(maxLogitScore(Float32Array.from(flat), { classes: 3 })).toEqual(largest);
    expect(() => maxLogitScore(flat)).toThrow(
      /6 numbers in one array: one row or several: give \{ data, shape/,
    );
    expect(() => maxLogitScore(flat, { classes: 4 })).toThrow(/shape \[1.5,4\], expected \[rows, columns\]/);
  });

  it("are read from integers of 32 bits, and from Float16Array where there is one", () => {
    expect(maxLogitScore({ data: Int32Array.of(4, 0, 1, 2), shape: [2, 2] })).toEqual(largest);
    const { Float16Array } = globalThis as { Float16Array?: { of(...values: number[]): ArrayLike<number> } };
    const data = Float16Array?.of(4, 0, 1, 2);
    if (data) expect(maxLogitScore({ data, shape: [2, 2] })).toEqual(largest);
  });

  it("read infinities and NaN of 16 bits as such, and the least number", () => {
    const read = (word: number) =>
      maxLogitScore({ data: Uint16Array.of(word), dims: [1, 1], type: "float16" })[0];
    expect(read(0x0001)).toBe(-(2 ** -24));
    expect(read(0xfbff)).toBe(65504);
    expect(() => read(0x7c00)).toThrow(/row 0, column 0 is Infinity/);
    expect(() => read(0x7e00)).toThrow(/row 0, column 0 is NaN/);
  });

  it("of no rows have no scores", () => {
    for (const source of [[], { data: [], shape: [0, 5] }, new Float32Array()])
      expect(energyScore(source)).toEqual(new Float64Array());
  });

  it("may be −∞ for a class that is out of the question, but not for all", () => {
    const [masked, without] = [[[3, -Infinity, 1]], [[3, 1]]];
    for (const score of [energyScore, maxSoftmaxScore, maxLogitScore])
      expect(score(masked)).toEqual(score(without));
    for (const name of ["entropy", "multi-label-energy", "gen"] as const) {
      const of = (logits: number[][]) => fitScore(name, { logits }).score({ logits });
      expect(of(masked)).toEqual(of(without));
    }
    expect(() => energyScore([[1], [-Infinity]])).toThrow(/row 1, column 0 is -Infinity/);
  });

  const refusals: [string, unknown, typeof ArgumentError | typeof DimensionError, RegExp][] = [
    [
      "a tensor of tfjs",
      tf.tensor2d(rows),
      ArgumentError,
      /a tf.Tensor of shape \[2, 3\] \(await its data\(\)\)/,
    ],
    ["a promise", Promise.resolve(rows), ArgumentError, /a promise \(await it\)/],
    ["a word", "4,0", ArgumentError, /the string "4,0"/],
    ["nothing", undefined, ArgumentError, /logits is undefined/],
    ["ragged rows", [[1, 2], [3]], DimensionError, /row 1 has length 1, expected 2/],
    ["numbers among rows", [[1, 2], 3], DimensionError, /row 1 has length undefined, expected 2/],
    ["nothing among rows", [[1, 2], null], DimensionError, /row 1 has length undefined, expected 2/],
    ["words among numbers", { data: [1, "2"], shape: [1, 2] }, ArgumentError, /number 1 is the string "2"/],
    ["one axis", { data: [1, 2], shape: [2] }, DimensionError, /shape \[2\], expected \[rows, columns\]/],
    [
      "sequences",
      { data: flat, shape: [1, 2, 3] },
      DimensionError,
      /shape \[1,2,3\], expected \[rows, columns\]/,
    ],
    [
      "too few numbers",
      { data: flat, shape: [3, 3] },
      DimensionError,
      /shape \[3,3\] has length 6, expected 9/,
    ],
    ["no shape", { data: flat, shape: "2x3" }, DimensionError, /shape "2x3"/],
    [
      "bits of 16",
      { data: Uint16Array.of(1, 2), shape: [1, 2] },
      ArgumentError,
      /16-bit floats .*, or integers/,
    ],
    [
      "quantized numbers",
      { data: Int8Array.of(1, 2), shape: [1, 2] },
      ArgumentError,
      /Int8Array: quantized .*, or integers/,
    ],
    [
      "big integers",
      { data: BigInt64Array.of(1n, 2n), shape: [1, 2] },
      ArgumentError,
      /number 0 is the bigint 1n/,
    ],
    [
      "NaN",
      [
        [1, 2],
        [3, Number.NaN],
      ],
      ArgumentError,
      /logits row 1, column 1 is NaN/,
    ],
    ["an infinite number", [[1, Number.POSITIVE_INFINITY]], ArgumentError, /row 0, column 1 is Infinity/],
    ["a hole", [[1, undefined]], ArgumentError, /row 0, column 1 is NaN/],
    ["rows of nothing", [[], []], DimensionError, /rows of no numbers/],
  ];
  it.each(refusals)("are refused as %s", (_, source, Kind, message) => {
    expect(() => energyScore(source as RowsLike)).toThrow(Kind);
    expect(() => energyScore(source as RowsLike)).toThrow(message);
  });
});

describe("probabilities", () => {
  const p = [
    [0.7, 0.2, 0.1],
    [0.1, 0.9, 0],
  ];
  it("are refused as logits, with what decides", () => {
    expect(() => energyScore(p)).toThrow(/all 2 rows of logits look like probabilities .*of: "logits"/);
    expect(() => maxSoftmaxScore(p)).toThrow(/of: "logits" or "probabilities"/);
    expect(() => energyScore(p.map((row) => row.map((q) => Math.log(q + 1e-9))))).toThrow(
      /probabilities or their logarithms/,
    );
    expect(energyScore(p, { of: "logits" })).toHaveLength(2);
    expect(energyScore([...p, [2, 0, 0]])).toHaveLength(3);
  });

  it("will do for scores that a constant added to the logits leaves as they are", () => {
    expect(Array.from(maxSoftmaxScore(p, { of: "probabilities" }))).toEqual(
      [-0.7, -0.9].map((q) => expect.closeTo(q, 12)),
    );
    expect(
      fitScore("entropy", { logits: p, of: "probabilities" }).score({ logits: p, of: "probabilities" })[1],
    ).toBeCloseTo(-0.1 * Math.log(0.1) - 0.9 * Math.log(0.9), 12);
    expect(() => maxLogitScore(p, { of: "probabilities" })).toThrow(
      /unknown of "probabilities"; known: logits/,
    );
    expect(() => maxSoftmaxScore([[0.5, 0.6]], { of: "probabilities" })).toThrow(
      /row 0 of the probabilities/,
    );
    expect(() => maxSoftmaxScore(p, { of: "odds" as "logits" })).toThrow(
      /unknown of "odds"; known: logits, probabilities/,
    );
  });
});

describe("features", () => {
  it("have further axes flattened", () => {
    const features = { data: Float32Array.of(1, 0, 0, 2, 3, 1, 0, 1), shape: [2, 2, 2] };
    expect(fitScore("neighbors", { features }, { k: 1 }).score({ features })).toEqual(Float64Array.of(0, 0));
  });

  it("are read along strides, of two axes", () => {
    const dense = {
      data: Float32Array.of(1, 0, 0, 2, 3, 1, 0, 1),
      shape: [2, 2, 2],
      stride: [4, 2, 1],
      offset: 0,
    };
    expect(fitScore("neighbors", { features: dense }, { k: 1 }).score({ features: dense })).toEqual(
      Float64Array.of(0, 0),
    );
    expect(() => fitScore("neighbors", { features: { ...dense, stride: [1, 2, 4] } })).toThrow(
      /strides \[1,2,4\], expected two/,
    );
    const short = { data: [1, 2, 3], shape: [2, 2], stride: [1, 2] };
    expect(() => fitScore("neighbors", { features: short })).toThrow(/row 1, column 1 is NaN/);
  });

  it("are as many as logits", () => {
    const [features, weights] = [
      [
        [1, 2],
        [2, 1],
        [0, 1],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ];
    expect(() => fitScore("mahalanobis", { features, logits: [[5, 1]] })).toThrow(
      /1 rows of logits, expected 3/,
    );
    expect(() => fitScore("ash", { features, weights, bias: [0] })).toThrow(/bias has length 1, expected 2/);
    expect(() => fitScore("ash", { features, weights, bias: [0, Number.NaN] })).toThrow(/bias 1 is NaN/);
    expect(() => fitScore("ash", { features, weights }).score({ features: [[1, -2]] })).toThrow(
      /row 0, column 1 is -2, expected at least 0/,
    );
  });
});
