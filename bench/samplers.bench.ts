import type { DifferentiableEnergy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { effectiveSampleSize, nuts, sample, statistic, summary } from "@basin/samplers";
import type { Metric } from "@basin/samplers/internal";
import { eightSchools, posteriors } from "../packages/samplers/test/posteriors/models.ts";
import type { Posterior } from "../packages/samplers/test/posteriors/posterior.ts";
import type { Contender, Contest } from "./contest.ts";
import { plainGaussian, plainLogistic, wasmGaussian, wasmLogistic } from "./samplers/densities.ts";

/** One chain after 1000 steps of warm-up: draws, and the gradients and seconds they took. */
interface Run {
  readonly gradients: number;
  readonly seconds: number;
  /** The smallest bulk ESS over the coordinates. */
  readonly ess: number;
}

interface Setting {
  readonly seed?: number;
  readonly metric?: Metric;
}

function run(energy: DifferentiableEnergy, draws: number, { seed = 7, metric }: Setting = {}): Run {
  const { dimension } = energy.space;
  const bound = nuts({ metric }).bind(energy);
  const rng = createRng(seed);
  const state = bound.init(Float64Array.from({ length: dimension }, () => rng.uniform() - 0.5));
  const adaptation = bound.warmup?.(1000, state, rng, 1);
  for (let t = 0; t < 1000; t++) adaptation?.update(state, bound.step(rng, state, 1));
  adaptation?.finish();
  const series = Array.from({ length: dimension }, () => new Float64Array(draws));
  let gradients = 0;
  const start = performance.now();
  for (let t = 0; t < draws; t++) {
    gradients += bound.step(rng, state, 1).gradients;
    for (let i = 0; i < dimension; i++) series[i][t] = state.position[i];
  }
  const seconds = (performance.now() - start) / 1000;
  return { gradients, seconds, ess: Math.min(...series.map((chain) => effectiveSampleSize(chain))) };
}

const gradientRate = (name: string, make: () => DifferentiableEnergy, draws = 2000): Contender => ({
  name,
  measure: () => {
    const { gradients, seconds } = run(make(), draws);
    return gradients / seconds;
  },
});

const stated = (name: string, figure: number): Contender => ({
  name: `${name}, stated: another run`,
  measure: () => figure,
});

const g100 = await wasmGaussian(100);
const logistic = await wasmLogistic(1000, 25);
const schools = eightSchools().energy;

/** What warm-up tunes differs from seed to seed by more than rounds do: the mean over twelve. */
function meanEfficiency(energy: DifferentiableEnergy, metric: Metric): number {
  const seeds = Array.from({ length: 12 }, (_, k) => k + 1);
  const runs = seeds.map((seed) => run(energy, 2000, { seed, metric }));
  return runs.reduce((sum, { ess, gradients }) => sum + (1000 * ess) / gradients, 0) / runs.length;
}

/** What depends on seeds alone is the same in every round. */
function once<T>(measure: () => T): () => T {
  let kept: T | undefined;
  return () => {
    kept ??= measure();
    return kept;
  };
}

function efficiency(question: string, energy: DifferentiableEnergy, peer: number): Contest {
  const dense = "basin, dense metric";
  const other = "blackjax, diagonal metric, one chain, stated: another run";
  return {
    question: `ESS per gradient, ${question}`,
    unit: "effective draws per 1000 gradients",
    contenders: [
      { name: "basin", measure: once(() => meanEfficiency(energy, "diagonal")) },
      { name: dense, measure: once(() => meanEfficiency(energy, "dense")) },
      { name: other, measure: () => peer },
    ],
    ratios: [
      { of: "basin", to: other, aim: 1 },
      { of: dense, to: other },
    ],
  };
}

/**
 * The smallest bulk ESS of 1000 gradients, warm-up counted, of four chains of 1000 draws of a posterior: the mean over
 * seeds.
 */
async function wholeEfficiency(
  energy: DifferentiableEnergy,
  metric: Metric,
  warmup: number,
): Promise<number> {
  const seeds = Array.from({ length: 12 }, (_, k) => k + 1);
  let total = 0;
  for (const seed of seeds) {
    const draws = await sample(energy, nuts({ metric }), { seed, warmup });
    const least = Math.min(...Object.values(summary(draws)).map((row) => row.essBulk));
    const kept = statistic(draws, "gradients").flatMap((chain) => [...chain]);
    const spent = draws.chains.reduce((sum, chain) => sum + chain.warmup.gradients, 0);
    total += (1000 * least) / kept.reduce((sum, count) => sum + count, spent);
  }
  return total / seeds.length;
}

function metrics({ name, energy }: Posterior): Contest {
  const contender = (metric: Metric, warmup: number) => ({
    name: `${metric}, ${warmup} steps`,
    measure: once(() => wholeEfficiency(energy, metric, warmup)),
  });
  const [to, short, of] = ["diagonal, 1000 steps", "diagonal, 400 steps", "low-rank, 400 steps"];
  const steep = ["arK", "kidiq", "mesquite", "nes2000"].some((word) => name.includes(word));
  return {
    question: `metrics of NUTS on ${name}, warm-up counted`,
    unit: "effective draws per 1000 gradients",
    contenders: [contender("diagonal", 1000), contender("diagonal", 400), contender("low-rank", 400)],
    ratios: [
      { of, to, aim: steep ? 3 : 0.8 },
      { of, to: short },
      { of: short, to },
    ],
  };
}

/**
 * NUTS, one chain, one core, warm-up not counted. blackjax 2025–26 (float64, compilation not counted) cannot run here:
 * its figures are those measured once on a 2-core x86-64 machine, and the ratios to them carry that machine's noise.
 */
export const contests: readonly Contest[] = [
  {
    question: "NUTS on a Gaussian, d 100, equicorrelated, dense matrix–vector product",
    unit: "gradients/s",
    contenders: [
      gradientRate("basin, density in wasm", () => g100),
      gradientRate("basin, density in TypeScript", () => plainGaussian(100)),
      stated("blackjax", 132_000),
    ],
    ratios: [{ of: "basin, density in wasm", to: "blackjax, stated: another run", aim: 1 }],
  },
  efficiency("Gaussian d 100", g100, 590 / 132),
  {
    question: "NUTS on logistic regression, d 25, n 1000",
    unit: "gradients/s",
    contenders: [
      gradientRate("basin, density in wasm", () => logistic),
      gradientRate("basin, density in TypeScript", () => plainLogistic(1000, 25)),
      stated("blackjax", 43_100),
    ],
    ratios: [{ of: "basin, density in wasm", to: "blackjax, stated: another run", aim: 1 }],
  },
  efficiency("logistic regression d 25", logistic, 8930 / 43.1),
  {
    question: "NUTS on eight_schools_noncentered, density in TypeScript",
    unit: "gradients/s",
    contenders: [
      gradientRate("basin", () => schools, 10_000),
      stated("blackjax", 249_000),
      stated("Stan in wasm (stanli), 534 ns a gradient", 1e9 / 534),
    ],
    ratios: [
      { of: "basin", to: "blackjax, stated: another run", aim: 1e9 / 400 / 249_000 },
      { of: "basin", to: "Stan in wasm (stanli), 534 ns a gradient, stated: another run", aim: 1 },
    ],
  },
  efficiency("eight_schools_noncentered", schools, 18_200 / 249),
  ...posteriors.map(metrics),
];
