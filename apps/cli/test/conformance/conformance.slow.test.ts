import { type Energy, quadrature } from "@basin/energy-core";
import { describe, it } from "vitest";
import { overReals } from "./checks.ts";
import { energies } from "./energies.ts";
import { drawsMean, kernels } from "./kernels.ts";
import { suite } from "./suite.ts";

suite({ slow: true });

/** Energies of 64 bits, whose quadrature settles. */
const real = energies.filter(({ visit }) =>
  visit(({ energy, tolerance }) => overReals(energy.space) && tolerance < 1e-8),
);
const exact = kernels.filter((kernel) => kernel.exact);
const pairs = real.flatMap(({ name, visit }) =>
  visit(({ energy, interval, walled }) => {
    // States are real vectors: the filter above chose them.
    const target = energy as unknown as Energy<Float64Array>;
    const side = walled ? interval : ([-40, 40] as const);
    const box = Array.from({ length: energy.space.dimension }, () => side);
    const admitted = exact.filter(({ admits }) => admits(energy));
    return admitted.map((kernel) => ({ name, by: kernel.name, kernel, target, box }));
  }),
);

describe("draws from reals have the mean of quadrature", () => {
  it.each(pairs)("$name by $by", ({ kernel, target, box }) => {
    const [truth] = quadrature(target, { box, tolerance: 1e-4 }).mean;
    return drawsMean(kernel, target, truth, { draws: 20_000, comparisons: pairs.length });
  });
});
