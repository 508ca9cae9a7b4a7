import { createRng } from "@basin/energy-core/random";
import { describe, expect, it } from "vitest";
import type { TrainFigures } from "../../src/train/step.ts";
import { JointWatch } from "../../src/train/watch.ts";

const well: TrainFigures = {
  crossEntropy: 0.05,
  penalty: 0,
  outlierLoss: 0,
  dataEnergy: 0,
  sampleEnergy: 0,
  accuracy: 0.98,
  gradientNorm: 1,
  marginalWeight: 0.1,
  sampleSpread: 0.2,
};

/** Shows a watch `count` updates of the same kind, with some noise; returns the first trouble and when it showed. */
function show(
  watch: JointWatch,
  count: number,
  change: Partial<TrainFigures> = {},
): [number, string] | undefined {
  const rng = createRng(1);
  for (let k = 1; k <= count; k++) {
    const step = { ...well, ...change };
    const noise = 1 + 0.2 * rng.normal();
    const trouble = watch.look({
      ...step,
      dataEnergy: step.dataEnergy + 0.3 * rng.normal(),
      crossEntropy: step.crossEntropy * Math.abs(noise),
      gradientNorm: step.gradientNorm * Math.abs(noise),
    });
    if (trouble !== undefined) return [k, trouble];
  }
  return undefined;
}

describe("the watch over a run", () => {
  it("is calm over a long quiet run, and over one whose energies lie far apart from the start", () => {
    for (const dataEnergy of [0, 40]) {
      const watch = new JointWatch(1000);
      expect(show(watch, 3000, { dataEnergy, sampleEnergy: 0 })).toBeUndefined();
      expect(watch.calm).toBe(dataEnergy === 0);
    }
  });

  it.each<[string, Partial<TrainFigures>, RegExp]>([
    ["energies slowly came apart", { dataEnergy: -8 }, /for 200 updates the energies .* unusually far apart/],
    [
      "norm and cross-entropy rose",
      { gradientNorm: 10, crossEntropy: 0.8 },
      /for 200 updates the gradient's norm .* and the cross-entropy .* far above their least/,
    ],
  ])("speaks up when %s and stay there", (_, change, message) => {
    const watch = new JointWatch(1000);
    expect(show(watch, 400)).toBeUndefined();
    // Shorter than it takes, then well again: forgiven, but not calm in between.
    expect(show(watch, 150, change)).toBeUndefined();
    expect(watch.calm).toBe(false);
    expect(show(watch, 200)).toBeUndefined();
    expect(watch.calm).toBe(true);
    const [when, trouble] = show(watch, 400, change) ?? [0, ""];
    expect(trouble).toMatch(message);
    expect(when).toBeGreaterThanOrEqual(200);
  });

  it("does not take a norm alone for a divergence, nor a cross-entropy that is small anyhow", () => {
    const watch = new JointWatch(1000);
    show(watch, 400, { crossEntropy: 0.001 });
    expect(show(watch, 400, { crossEntropy: 0.001, gradientNorm: 10 })).toBeUndefined();
    expect(show(watch, 400, { crossEntropy: 0.05, gradientNorm: 10 })).toBeUndefined();
  });

  it("does not take one noisy input for a divergence where all else is learned by heart", () => {
    const learned = { crossEntropy: 1e-6, gradientNorm: 1e-6 };
    const watch = new JointWatch(1000);
    expect(show(watch, 400, learned)).toBeUndefined();
    expect(show(watch, 1, { ...learned, gradientNorm: 10 })).toBeUndefined();
    const other = new JointWatch(1000);
    show(other, 400, learned);
    expect(show(other, 1, { ...learned, gradientNorm: 500 })?.[1]).toMatch(/norm grew .*-fold/);
  });

  it("remembers the least norm when it goes back, so that a sick run is not its own measure", () => {
    const watch = new JointWatch(1000);
    const sick = { gradientNorm: 10 };
    show(watch, 400);
    const early = new JointWatch(1000).save();
    watch.goBack(early);
    show(watch, 200, sick);
    expect(watch.calm).toBe(false);
    const forgetful = new JointWatch(1000);
    forgetful.restore(early);
    show(forgetful, 200, sick);
    expect(forgetful.calm).toBe(true);
  });
});
