import { checkNumber, type Energy } from "@basin/energy-core";
import { checkIsEnergy, checkOptions, type Quantities } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { pacer } from "@basin/energy-core/run";
import type { Kernel, KernelState, StepInfo } from "../kernel.ts";
import { Chain } from "./chain.ts";
import type { StreamedDraw } from "./chain-plan.ts";
import { checkKernel } from "./check-kernel.ts";
import { type DrawValues, partValues, type StateArray } from "./draws.ts";
import { planChains, type SampleOptions } from "./sample.ts";

/** Options of {@link stream}. */
export interface StreamOptions<X extends StateArray = Float64Array>
  extends Omit<
    SampleOptions<X>,
    "until" | "keep" | "observers" | "checkpoint" | "checkpointEvery" | "names" | "onProgress"
  > {
  /** Seed of all randomness. Required, as no draw can report it. */
  seed: number;
  /** Draws a chain. Default: without end, until the loop is left. */
  draws?: number;
}

/**
 * Yields draws from p(x) ∝ exp(−βE(x)) one by one, for `for await`: draw 0 of every chain, draw 1 of every chain, and
 * so on. It keeps no draws. Leaving the loop ends the run. The draws are those of {@link sample}, bit for bit.
 *
 * Draws of a formula also have the values of its parts by name, such as `draw.values.mu`; `position` has the free
 * coordinates.
 *
 * @throws the errors of {@link sample}.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, stream } from "@basin/samplers";
 *
 * let sum = 0;
 * let count = 0;
 * for await (const { position } of stream(gaussian({ dimension: 1 }), nuts(), { seed: 1, chains: 1 })) {
 *   sum += position[0] ** 2;
 *   if (++count === 1000) break;
 * }
 * console.log(sum / count); // about 1
 * ```
 */
export async function* stream<
  X extends StateArray,
  C extends object,
  S extends KernelState<X>,
  I extends StepInfo,
  N extends string = string,
>(
  energy: Energy<X, C> & { readonly space: { readonly quantities?: Pick<Quantities<X, N>, "parts"> } },
  kernel: Kernel<NoInfer<Energy<X, C>>, NoInfer<X>, S, I>,
  options: StreamOptions<NoInfer<X>>,
): AsyncGenerator<StreamedDraw<X, I> & DrawValues<N>, void, void> {
  checkOptions(
    "stream",
    options,
    "draws inverseTemperature temperature seed chains warmup thin initial checkGradient signal",
  );
  checkIsEnergy(energy, "stream");
  checkKernel(kernel, "stream");
  const { draws, signal } = options;
  const finite = planChains({ ...options, draws: draws ?? 1 }, kernel);
  const count = checkNumber("chains", options.chains ?? 4, { min: 1, integer: true });
  const root = createRng(options.seed);
  const bind = (rejecting: Energy<X>) => kernel.bind(rejecting as Energy<X, C>);
  const latest: (StreamedDraw<X, I> | undefined)[] = new Array(count).fill(undefined);
  const plan = {
    ...finite,
    draws: draws ?? Infinity,
    keep: false,
    onDraw: (draw: StreamedDraw<X, StepInfo>) => {
      latest[draw.chain] = draw as StreamedDraw<X, I>;
    },
  };
  const chains = latest.map((_, k) => new Chain<X, S, I>(energy, bind, plan, root.split(k), k));
  if (options.checkGradient ?? true) chains[0].checkGradient();
  const { quantities } = energy.space as Energy<X>["space"];
  const named = (draw: StreamedDraw<X, I>) =>
    (quantities ? { ...draw, values: partValues(quantities, draw.position) } : draw) as StreamedDraw<X, I> &
      DrawValues<N>;
  const pace = pacer({ signal });
  while (chains.some((chain) => !chain.done)) {
    for (const [k, chain] of chains.entries()) {
      latest[k] = undefined;
      while (latest[k] === undefined) {
        chain.advance(1);
        if (pace.due) await pace.breathe();
      }
      yield named(latest[k] as StreamedDraw<X, I>);
    }
  }
}
