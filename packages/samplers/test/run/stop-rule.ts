import { createRng } from "@basin/energy-core/random";
import { expect } from "vitest";
import { type Draws, estimateMean } from "../../src/index.ts";
import { checkUntil, drawUntil } from "../../src/run/until.ts";

/** Draws of four chains of AR(1) series of lag-one correlation ρ, whose effective sample size is 4n (1 − ρ)/(1 + ρ). */
function autoregressive(parameters: number, rho: number, seed: number) {
  const rng = createRng(seed);
  const chains = Array.from({ length: 4 }, () => Array.from({ length: parameters }, () => rng.normal()));
  return async (draws: number): Promise<Draws> => {
    for (const chain of chains)
      while (chain.length < draws * parameters)
        chain.push(rho * (chain.at(-parameters) as number) + Math.sqrt(1 - rho * rho) * rng.normal());
    const names = Array.from({ length: parameters }, (_, i) => `x[${i}]`);
    const facts = { kernel: "ar", seed, inverseTemperature: 1, dimension: parameters, thin: 1, names };
    const none = { stats: {}, tuned: {}, warmup: { divergences: 0, gradients: 0 }, observed: {} };
    return {
      ...facts,
      draws,
      chains: chains.map((chain) => ({ positions: Float64Array.from(chain), ...none })),
    };
  };
}

/** Runs the stop rule on series of many seeds. */
export async function stopRule(parameters: number, rho: number, seeds: number) {
  const asked = 400;
  let [covered, short] = [0, 0];
  const overshoots: number[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const draws = await drawUntil(
      checkUntil({ essBulk: asked }, 4),
      100,
      autoregressive(parameters, rho, seed),
    );
    expect(draws.stopped?.reason).toBe("reached");
    expect(draws.stopped?.essBulk).toBeGreaterThanOrEqual(asked);
    const first = draws.chains.map(({ positions }) => positions.filter((_, i) => i % parameters === 0));
    const { mean, standardError } = estimateMean(first);
    if (Math.abs(mean) < 1.96 * standardError) covered++;
    const truth = (4 * draws.draws * (1 - rho)) / (1 + rho);
    if (truth < 0.8 * asked) short++;
    overshoots.push(truth / asked);
  }
  overshoots.sort((a, b) => a - b);
  return { covered: covered / seeds, short: short / seeds, overshoot: overshoots[seeds >> 1] };
}
