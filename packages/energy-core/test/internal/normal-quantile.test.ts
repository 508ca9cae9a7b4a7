import { normalQuantile } from "@basin/energy-core/internal";
import { describe, expect, test } from "vitest";

describe("normalQuantile", () => {
  // Reference values from scipy.special.ndtri.
  test.each([
    [1e-300, -37.0470962993612],
    [1e-15, -7.941345326170998],
    [1e-6, -4.753424308822899],
    [0.01, -2.3263478740408408],
    [0.07, -1.4757910281791706],
    [0.08, -1.4050715603096329],
    [0.3, -0.5244005127080409],
    [0.5, 0.0],
    [0.6, 0.2533471031357997],
    [0.92, 1.4050715603096329],
    [0.95, 1.6448536269514722],
    [0.999, 3.090232306167813],
  ])("Φ⁻¹(%d) = %d", (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(4e-15 * Math.max(1, Math.abs(z)));
  });
  test("is infinite at the ends and NaN outside", () => {
    expect([0, 1, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  });
});
