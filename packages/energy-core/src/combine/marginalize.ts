import { checkOptions } from "../check-options.ts";
import {
  type Can,
  type Energy,
  type Labeled,
  type Labels,
  type Parameters,
  type Partials,
  requireCapability,
} from "../energy.ts";
import { resolveInverseTemperature, type TemperatureOptions } from "../errors.ts";
import { freeEnergy, softmin } from "../gibbs.ts";
import { carried } from "./pointwise.ts";

/**
 * What is left of the capabilities `C` of a joint energy when the label is summed over, and what every function of the
 * input has, such as moves.
 */
export type Marginal<X, C> = Can<X, keyof C & "parameters"> &
  (C extends { readonly batch: infer B } ? Can<X, "gradient"> & { readonly batch: B } : unknown) &
  (C extends { readonly labels: Labels<X, infer D> } ? (Partials<X> extends D ? unknown : D) : unknown);

/**
 * Returns the free energy of x over its labels, E_β(x) = −(1/β) log Σ_y exp(−βE(x, y)); at β = 1 the negative log of
 * the marginal density up to a constant (Grathwohl et al. 2019). Tempering and marginalizing do not commute, so β is a
 * matter of this function, not of a factor on the result. Over discrete inputs the result has moves, and it has the
 * parameters of the joint energy: ∂E_β/∂θ = Σ_y p_β(y|x) ∂E(x, y)/∂θ.
 *
 * @example
 * ```ts
 * import { labeled, marginalize, plainEnergy, reals } from "@basin/energy-core";
 *
 * const joint = plainEnergy(labeled(reals(1), 2), ({ x, y }) => (x[0] - y) ** 2);
 * console.log(marginalize(joint).energy(Float64Array.of(0.5))); // ¼ − ln 2
 * ```
 *
 * @throws {CapabilityError} when the energy is not over labels; {ArgumentError} for β = 0.
 */
export function marginalize<X, C extends object>(
  energy: Energy<Labeled<X>, C>,
  options: TemperatureOptions = {},
): Energy<X, Marginal<X, C>> {
  checkOptions("marginalize", options, "inverseTemperature temperature");
  const labels = requireCapability<Labeled<X>, "labels">(energy, "labels", "marginalize");
  // An illegal temperature shows here rather than at the first use.
  freeEnergy([0], options);
  const energies = new Float64Array(labels.count);
  const { parameters, batch }: Partials<Labeled<X>> = energy.can;
  const beta = resolveInverseTemperature(options);
  const many = batch && {
    ...batch,
    energies: (states: unknown) =>
      batch.arrays.tidy(() => batch.arrays.freeEnergy(batch.energies(states), beta)),
  };
  const alone = many?.arrays.single(many);
  const marginal = (x: X) => freeEnergy(labels.energies(x, energies), options);
  const learning = parameters && {
    parameters: {
      values: parameters.values,
      addGradient(x, weight, out) {
        for (const [y, share] of softmin(labels.energies(x, energies), options).entries()) {
          if (share > 0) parameters.addGradient({ x, y }, weight * share, out);
        }
      },
    } satisfies Parameters<X>,
  };
  return {
    space: labels.input,
    energy(x) {
      labels.input.check(x);
      // What reads batches brings written parameters to them first.
      return alone === undefined ? marginal(x) : alone.energy(x as Float64Array & X);
    },
    can: carried<Marginal<X, C>>({
      ...labels.input.derive(marginal),
      ...alone?.can,
      ...learning,
    }),
    lacking: energy.lacking,
  };
}
