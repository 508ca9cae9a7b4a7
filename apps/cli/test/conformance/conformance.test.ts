import {
  type Can,
  differentiable,
  type Energy,
  type Moves,
  plainEnergy,
  quadrature,
  spins,
} from "@basin/energy-core";
import { gaussian } from "@basin/energy-core/targets";
import { describe, expect, it } from "vitest";
import { tooCold } from "../../../../packages/samplers/test/fixtures/broken-kernels.ts";
import { checks } from "./checks.ts";
import type { EnergyCase } from "./energies.ts";
import { drawsMean, type KernelRow, keepsLaw, kernels } from "./kernels.ts";
import { suite } from "./suite.ts";

suite({ slow: false });

const spinning = (overrides: Partial<Can<Int8Array, "moves">>): EnergyCase<Int8Array> => {
  const sound = plainEnergy(spins(3), (s) => s[0] * s[1] - 0.4 * s[2]);
  return {
    energy: { ...sound, can: { ...sound.can, ...overrides } },
    tolerance: 1e-9,
    interval: [-2, 2],
    fixed: [],
    walled: false,
  };
};

/** Names of the checks that a case fails. */
const failed = <X>(given: EnergyCase<X>): string[] =>
  Object.entries(checks).flatMap(([name, check]) => {
    try {
      check(given);
      return [];
    } catch {
      return [name];
    }
  });

describe("the suite fails on what is broken", () => {
  const { energy: sound } = spinning({});

  it("a cursor that is off by a factor of 2", () => {
    const moves: Can<Int8Array, "moves">["moves"] = (x) => {
      const cursor = sound.can.moves?.(x) as ReturnType<Can<Int8Array, "moves">["moves"]>;
      return {
        state: cursor.state,
        get energy() {
          return cursor.energy;
        },
        delta: (move) => 2 * cursor.delta(move),
        deltas: (out) => cursor.deltas(out),
        apply: (move) => cursor.apply(move),
      };
    };
    expect(failed(spinning({}))).toEqual([]);
    expect(failed(spinning({ moves }))).toEqual([
      "differences of a cursor are those of the energies, wherever it went",
    ]);
  });

  it("a gradient of the wrong sign", () => {
    const target = gaussian({ dimension: 2 });
    const gradient = (x: Float64Array, out: Float64Array) => {
      const value = target.can.gradient(x, out);
      out[1] *= -1;
      return value;
    };
    const wrong: Energy<Float64Array> = { ...target, can: { gradient } };
    const given: EnergyCase<Float64Array> = {
      energy: wrong,
      tolerance: 1e-9,
      interval: [-2, 2],
      fixed: [],
      walled: false,
    };
    expect(failed(given)).toEqual(["gradients are those of finite differences"]);
  });

  it("a space whose moves have the wrong way back", () => {
    const { space } = sound;
    const moves = { ...(space.moves as Moves<Int8Array>), inverse: (move: number) => (move + 1) % 3 };
    const wrong = { ...spinning({}), energy: { ...sound, space: { ...space, moves } } };
    expect(failed(wrong)).toContain("moves lead away, to legal states, and back");
  });

  const exact = kernels.filter(({ exact, admits }) => exact && admits(sound));

  it.each(exact)("$name, 5 % too cold", (row) => {
    keepsLaw(row, sound);
    const kernel = tooCold(row.kernel) as KernelRow["kernel"];
    expect(() => keepsLaw({ ...row, kernel }, sound)).toThrow("not stationary");
  });
});

/** One well that is not symmetric, so that its mean depends on the temperature: ψ(β) − ln β. */
const well = differentiable(1, (x, gradient) => {
  gradient[0] = Math.exp(x[0]) - 1;
  return Math.exp(x[0]) - x[0];
});

describe("draws from reals have the mean of quadrature", () => {
  const [truth] = quadrature(well, { box: [[-Infinity, Infinity]] }).mean;
  const drawing = kernels.filter(({ exact, admits }) => exact && admits(well));

  it.each(drawing)("by $name", (row) => drawsMean(row, well, truth));

  it.each(drawing)("and not by $name when it is twice too cold", async (row) => {
    const kernel = tooCold(row.kernel, 2) as KernelRow["kernel"];
    await expect(drawsMean({ ...row, kernel }, well, truth)).rejects.toThrow("but the truth is");
  });
});
