import { describe, expect, test } from "vitest";
import { compare, open } from "../../../src/demos/outliers/jobs.ts";
import { schema } from "../../../src/demos/outliers/settings.ts";
import { initialSettings } from "../../../src/demos/shared/settings.ts";
import { modelFiles } from "./files.ts";

const settings = initialSettings(schema);

describe("open", () => {
  test.each([[["basin.json", "model.json", "weights.bin"]], [["model.json", "weights.bin"]]])(
    "reads the images and classes of a model off %j",
    async (names) => {
      const { height, width, channels, labels } = await open({ files: modelFiles(...names), settings });
      expect([height, width, channels, labels]).toEqual([28, 28, 1, 10]);
    },
  );

  test.each([
    ["an ONNX model", [new File([], "net.onnx")], "net.onnx is an ONNX model"],
    ["no description", modelFiles("weights.bin"), "expected one model.json"],
    [
      "two descriptions",
      [...modelFiles("model.json"), new File(["{}"], "other.json")],
      "model.json, other.json",
    ],
    ["another JSON", [new File(['{"a": 1}'], "a.json")], "is not a model of tfjs: it has the keys a"],
    ["no weights", modelFiles("model.json"), "weights.bin is missing"],
    [
      "cut weights",
      [...modelFiles("model.json"), new File([new Uint8Array(9)], "weights.bin")],
      "9 bytes of weights",
    ],
  ])("refuses %s, and names it", async (_, files, message) => {
    await expect(open({ files, settings })).rejects.toThrow(message);
  });
});

describe("compare", () => {
  const known = Float64Array.from({ length: 40 }, (_, k) => k % 20);

  test("flags what lies above the share of known energies that is kept", () => {
    const { threshold, outliers, auroc } = compare({ known, judged: Float64Array.of(-3, 25, 30), keep: 0.9 });
    expect(threshold).toBe(18);
    expect(outliers).toEqual([false, true, true]);
    expect(auroc?.mean).toBeCloseTo(2 / 3, 12);
  });

  test("keeps half of the known images to check the share by", () => {
    // Even places hold 0, 2 … 18, twice: τ is the 19th of 20, and all of 1, 3 … 17 of the others are below it.
    const { kept } = compare({ known, judged: Float64Array.of(0), keep: 0.9 });
    expect(kept?.mean).toBe(0.9);
    expect(kept?.exact).toBeCloseTo(19 / 21, 12);
  });

  test("says why nothing is flagged where too few are known", () => {
    const few = compare({ known: known.subarray(0, 5), judged: Float64Array.of(99), keep: 0.95 });
    expect(few.outliers).toEqual([false]);
    expect(few.warning).toMatch(/19/);
    expect(compare({ known: new Float64Array(), judged: Float64Array.of(99), keep: 0.95 }).outliers).toEqual([
      false,
    ]);
  });
});
