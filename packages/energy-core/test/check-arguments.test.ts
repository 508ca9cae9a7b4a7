import {
  checkCursor,
  checkGradient,
  correct,
  differentiable,
  plainEnergy,
  recall,
  spins,
} from "@basin/energy-core";
import { describe, expect, it } from "vitest";

describe("a gradient that handles its arrays wrongly", () => {
  const at = Float64Array.of(1, 2);
  const gradientOf = (write: (x: Float64Array, gradient: Float64Array) => void) =>
    differentiable(2, (x, gradient) => {
      const value = (x[0] * x[0] + x[1] * x[1]) / 2;
      write(x, gradient);
      return value;
    });

  it.each<[string, (x: Float64Array, gradient: Float64Array) => void, string]>([
    [
      "adds to what is there",
      (x, gradient) => {
        for (let i = 0; i < 2; i++) gradient[i] += x[i];
      },
      "the gradient depends on what its array held before, in coordinate 0",
    ],
    [
      "leaves an entry out",
      (x, gradient) => gradient.set([x[0]]),
      "before, in coordinate 1: it must set every entry (gradient[1] = …), not add to it or leave it out",
    ],
    [
      "changes the state",
      (x, gradient) => gradient.set(x.fill(3, 1)),
      "the gradient changes the state that it is given (entry 1 from 2 to 3): copy it first, as by x.slice()",
    ],
  ])("is refused: one that %s", (_, write, message) => {
    expect(() => checkGradient(gradientOf(write), at)).toThrow(message);
  });

  it("is not one that sets every entry, NaN and −0 included", () => {
    expect(
      checkGradient(
        gradientOf((x, gradient) => gradient.set(x)),
        at,
      ).passed,
    ).toBe(true);
    const odd = gradientOf((_, gradient) => gradient.set([Number.NaN, -0]));
    expect(checkGradient(odd, at)).toMatchObject({ passed: false, coordinate: 0 });
  });
});

describe("an energy that changes its state", () => {
  const sorting = plainEnergy(spins(4), (s) => -s.sort()[0] * s[1] - s[2] * s[3]);
  const x = Int8Array.of(1, -1, 1, -1);

  it.each<[string, () => unknown]>([
    ["recall", () => recall(sorting, x.slice())],
    ["correct", () => correct(sorting, x.slice(), { radius: 1 })],
  ])("is refused by %s", (_, task) => {
    expect(task).toThrow("the energy changes the state that it is given (entry 0 from 1 to -1)");
  });

  it("is called as a method of its object", () => {
    class Ring {
      readonly space = spins(4);
      readonly can = plainEnergy(this.space, (s) => this.energy(s)).can;
      energy(s: Int8Array): number {
        return -s[0] * s[this.space.dimension - 1];
      }
    }
    expect(recall(new Ring(), x).energy).toBe(-1);
    expect(checkCursor(new Ring(), x).passed).toBe(true);
  });
});
