import { type DifferentiableEnergy, quadrature } from "@basin/energy-core";
import { banana, funnel, gaussianMixture } from "@basin/energy-core/targets";
import { effectiveSampleSize, estimateMean, kernelByName, rHat, stream } from "@basin/samplers";
import { type Settings, views } from "./settings.ts";

/** Chains that are drawn; the page has a color for each. */
const chains = 4;
/** Steps of each chain that tune its kernel and are not shown. */
const warmup = 300;
/** a of x ← x − a ∇E + √(2a) ξ: large enough that its error shows. */
const langevinStep = 0.1;
const across = 120;

/** A landscape: energies on a grid, and exact moments. */
export interface Landscape {
  /** E at `across` × `across` points of the view, rows from the top. */
  readonly energies: Float64Array;
  readonly across: number;
  readonly lowest: number;
  readonly moments: Moments | undefined;
  /** Why there are no moments. */
  readonly without?: string;
}

/** Means and variances of x and y. */
export interface Moments {
  readonly mean: readonly [number, number];
  readonly variance: readonly [number, number];
}

type Draws = AsyncGenerator<{
  chain: number;
  position: Float64Array;
  info: { acceptanceProbability: number };
}>;

let energy: DifferentiableEnergy;
let draws: Draws;
let series: { readonly x: number[][]; readonly y: number[][] };
let accepted = 0;
let known: Moments | undefined;

/** Makes the landscape of the settings and its chains. */
export async function begin(settings: Settings): Promise<Landscape> {
  const { target, kernel, seed } = settings;
  series = { x: Array.from({ length: chains }, () => []), y: Array.from({ length: chains }, () => []) };
  accepted = 0;
  let without: string | undefined;
  ({ energy, moments: known, without } = await targetOf(settings));
  draws = stream(energy, kernelByName(kernel, kernel === "ula" ? { stepSize: langevinStep } : {}) as never, {
    chains,
    seed,
    warmup,
  }) as Draws;
  const view = views[target];
  const energies = new Float64Array(across ** 2).map((_, k) => {
    const [row, column] = [Math.floor(k / across), k % across];
    const place = (share: number) => ((2 * share + 1) / across - 1) * view.reach;
    return energy.energy(Float64Array.of(view.x + place(column), view.y - place(row)));
  });
  const lowest = energies.reduce(
    (least, value) => (Number.isNaN(value) ? least : Math.min(least, value)),
    Number.POSITIVE_INFINITY,
  );
  return { energies, across, lowest, moments: known, without };
}

async function targetOf({
  target,
  formula,
}: Settings): Promise<{ energy: DifferentiableEnergy; moments: Moments | undefined; without?: string }> {
  if (target === "formula") {
    const { formulaEnergy } = await import("./formula.ts");
    const energy = formulaEnergy(formula);
    try {
      const box = [
        [-Infinity, Infinity],
        [-Infinity, Infinity],
      ] as const;
      const { mean, covariance } = quadrature(energy, { box, tolerance: 1e-7, maxEvaluations: 1e6 });
      return { energy, moments: momentsOf(mean, covariance.data) };
    } catch (error) {
      return { energy, moments: undefined, without: (error as Error).message };
    }
  }
  const made =
    target === "banana"
      ? banana({ curvature: 0.25, standardDeviation: 1.5 })
      : target === "funnel"
        ? funnel({ dimension: 2, standardDeviation: 1.2 })
        : gaussianMixture({
            means: [
              [-1.6, -1],
              [1.6, -1],
              [0, 1.8],
            ],
            standardDeviations: 0.7,
          });
  return { energy: made, moments: momentsOf(made.mean, made.covariance.data) };
}

function momentsOf(mean: Float64Array, covariance: Float64Array): Moments {
  return { mean: [mean[0], mean[1]], variance: [covariance[0], covariance[3]] };
}

/** New draws of all chains: chain, x, y after one another. */
export async function advance(count: number): Promise<Float64Array> {
  const fresh: number[] = [];
  for (let k = 0; k < count * chains; k++) {
    const { chain, position, info } = (await draws.next()).value;
    const [x, y] = position;
    series.x[chain].push(x);
    series.y[chain].push(y);
    accepted += info.acceptanceProbability;
    fresh.push(chain, x, y);
  }
  return Float64Array.from(fresh);
}

/** What the draws so far say: moments with errors, and whether the chains agree. */
export function diagnosis() {
  const { x, y } = series;
  const count = x[0].length;
  const squares = (values: number[][], mean: number) =>
    values.map((chain) => chain.map((v) => (v - mean) ** 2));
  const estimate = (values: number[][]) => {
    const { mean, standardError } = estimateMean(values);
    return { mean, standardError };
  };
  const [meanX, meanY] = known?.mean ?? [estimate(x).mean, estimate(y).mean];
  return {
    count,
    acceptance: accepted / (count * chains),
    rHat: [rHat(x), rHat(y)],
    ess: [effectiveSampleSize(x), effectiveSampleSize(y)],
    means: [estimate(x), estimate(y)],
    variances: [estimate(squares(x, meanX)), estimate(squares(y, meanY))],
  };
}
