import { describe, expect, test } from "vitest";
import { advance, begin, diagnosis } from "../../../src/demos/samplers/jobs.ts";
import { schema } from "../../../src/demos/samplers/settings.ts";
import { initialSettings } from "../../../src/demos/shared/settings.ts";

const initial = initialSettings(schema);

describe("four chains", () => {
  test.each([
    ["banana", "nuts"],
    ["mixture", "hmc"],
    ["formula", "nuts"],
    ["funnel", "nuts"],
  ] as const)("on the %s by %s have its exact moments", async (target, kernel) => {
    const formula = "x^2/2 + (y - x^2/4)^2";
    const { moments } = await begin({ ...initial, target, kernel, formula });
    await advance(1500);
    const { means, variances, rHat, ess, count } = diagnosis();
    expect(count).toBe(1500);
    expect(Math.max(...rHat)).toBeLessThan(1.1);
    expect(Math.min(...ess)).toBeGreaterThan(200);
    for (const k of [0, 1]) {
      expect(Math.abs(means[k].mean - moments!.mean[k])).toBeLessThan(5.2 * means[k].standardError);
      expect(Math.abs(variances[k].mean - moments!.variance[k])).toBeLessThan(
        5.9 * variances[k].standardError,
      );
    }
  });

  test("without a test of acceptance have the variance of their step size, not the exact one", async () => {
    const settings = { target: "formula", kernel: "ula", formula: "x^2/2 + 4*y^2" } as const;
    const { moments } = await begin({ ...initial, ...settings });
    await advance(3000);
    const { variances } = diagnosis();
    expect(moments!.variance[1]).toBeCloseTo(1 / 8, 6);
    // T/(λ(1 − aλ/2)) with λ = 8 and a = 0.1.
    expect(Math.abs(variances[1].mean - 1 / (8 * 0.6))).toBeLessThan(4.89 * variances[1].standardError);
    expect(Math.abs(variances[1].mean - 1 / 8)).toBeGreaterThan(4.89 * variances[1].standardError);
  });

  test("say why a formula has no moments", async () => {
    const flat = await begin({ ...initial, target: "formula", formula: "x^2/(1 + x^2) + y^2" });
    expect(flat.moments).toBeUndefined();
    expect(flat.without).toContain("log Z");
  });
});
