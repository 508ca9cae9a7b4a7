import { banana, type Target } from "@basin/energy-core/targets";
import { type Draws, estimateMean, hmc, sample, series, statistic, summary } from "@basin/samplers";
import * as Plot from "@observablehq/plot";
import { chart } from "../charts/chart.ts";
import { withError } from "../output.ts";
import { heatMap } from "../pictures.ts";
import { type Comparison, compare, type Part } from "./part.ts";
import type { Row } from "./report.ts";

const CHAINS = 4;
const CURVATURE = 0.15;
const SPREAD = 2.5;
/**
 * Above the default 0.651: steps that suit the bend are too long for the steep ends of the banana, which they would
 * never enter.
 */
const TARGET_ACCEPTANCE = 0.95;
/** Above the default π/2, in units of the metric, which is smaller on a bent law than its variances. */
const PATH_LENGTH = 2.4;
/** The window of the landscape, and its grid. */
const WINDOW = { left: -8, right: 8, bottom: -8, top: 4 };
const COLUMNS = 320;
const ROWS = 240;

/** A banana-shaped density drawn by Hamiltonian Monte Carlo, beside its exact moments. */
export const bananaPart: Part = {
  id: "banana",
  label: "a bent density by Hamiltonian Monte Carlo",
  async run({ quick, seed, progress, signal }) {
    const target = banana({ curvature: CURVATURE, standardDeviation: SPREAD });
    const draws = await sample(
      target,
      hmc({ targetAcceptance: TARGET_ACCEPTANCE, pathLength: PATH_LENGTH }),
      {
        chains: CHAINS,
        warmup: 1000,
        draws: quick ? 4000 : 20_000,
        seed,
        signal,
        onProgress: ({ done, total }) => progress(done / total),
      },
    );
    const table = summary(draws);
    const coordinates = draws.names.map((name, i) => ({
      name,
      ...moments(draws, target, i),
      ...table[name],
    }));
    const divergences = statistic(draws, "diverged").reduce(
      (sum, chain) => sum + chain.reduce((a, b) => a + b, 0),
      0,
    );
    return {
      results: {
        chains: CHAINS,
        drawsPerChain: draws.draws,
        divergences,
        rHat: Math.max(...coordinates.map((c) => c.rHat)),
        essBulk: Math.min(...coordinates.map((c) => c.essBulk)),
        essTail: Math.min(...coordinates.map((c) => c.essTail)),
        coordinates: coordinates.map(({ name, mean, variance, rHat, essBulk, essTail }, i) => ({
          name,
          mean: compare({ mean, standardError: table[name].standardError }, target.mean[i]),
          variance,
          rHat,
          essBulk,
          essTail,
        })),
      },
      section: {
        title: "A bent density, drawn by Hamiltonian Monte Carlo",
        lead:
          "Give the sampler an energy and its gradient, and it rolls along the valley instead of stumbling across it. The banana is a " +
          "Gaussian bent along a parabola, so every moment is known and the error bars can be checked.",
        rows: coordinates.flatMap((c) => rows(c)),
        figures: [landscape(target, draws)],
        method:
          `${CHAINS} chains of ${draws.draws} draws after 1000 steps of warm-up, which tuned the metric and the step size (to an acceptance of ${TARGET_ACCEPTANCE}); ${divergences} ` +
          "divergences. E(x) = x₁²/2s² + ½(x₂ + b x₁² − b s²)², " +
          `b = ${CURVATURE}, s = ${SPREAD}.`,
      },
    };
  },
};

interface Coordinate {
  readonly name: string;
  readonly location: Comparison;
  readonly variance: Comparison;
  readonly rHat: number;
  readonly essBulk: number;
}

function moments(draws: Draws, target: Target, i: number): { location: Comparison; variance: Comparison } {
  const chains = series(draws, i);
  const exact = target.mean[i];
  const squares = chains.map((chain) => chain.map((x) => (x - exact) ** 2));
  const variance = target.covariance.data[i * (target.space.dimension + 1)];
  return {
    location: compare(estimateMean(chains), exact),
    variance: compare(estimateMean(squares), variance),
  };
}

function rows({ name, location, variance, rHat, essBulk }: Coordinate): Row[] {
  const compared = (what: string, { mean, standardError, exact, z }: Comparison): Row => ({
    quantity: `${what} of ${name}`,
    measured: withError({ mean, standardError }),
    exact: String(Number(exact.toPrecision(6))),
    z,
  });
  return [
    compared("mean", location),
    compared("variance", variance),
    { quantity: `R-hat and bulk ESS of ${name}`, measured: `${rHat.toFixed(4)}, ${Math.round(essBulk)}` },
  ];
}

/** The energy as a heat map with some of the draws over it. */
function landscape(target: Target, draws: Draws) {
  const { left, right, bottom, top } = WINDOW;
  const energies = new Float64Array(COLUMNS * ROWS);
  for (let r = 0; r < ROWS; r++) {
    const y = top - ((r + 0.5) / ROWS) * (top - bottom);
    for (let c = 0; c < COLUMNS; c++) {
      const x = left + ((c + 0.5) / COLUMNS) * (right - left);
      energies[r * COLUMNS + c] = target.energy(Float64Array.of(x, y));
    }
  }
  const [xs, ys] = [series(draws, 0)[0], series(draws, 1)[0]];
  const step = Math.floor(xs.length / 400);
  const points = Array.from({ length: 400 }, (_, k) => [xs[k * step], ys[k * step]]).filter(
    ([x, y]) => x > left && x < right && y > bottom && y < top,
  );
  const layer = chart({
    width: COLUMNS * 2,
    height: ROWS * 2,
    margin: 0,
    x: { domain: [left, right], axis: null },
    y: { domain: [bottom, top], axis: null },
    marks: [Plot.dot(points, { r: 1.8, fill: "white", fillOpacity: 0.75 })],
  });
  return {
    caption: `The energy landscape (dark is low) for x₁ from ${left} to ${right} and x₂ from ${bottom} to ${top}, with 400 draws of one chain.`,
    png: heatMap(energies, COLUMNS, 0, 12),
    svg: layer,
    width: 520,
  };
}
