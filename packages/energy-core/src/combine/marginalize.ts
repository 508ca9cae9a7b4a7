import { plainEnergy } from "../adapt.ts";
import { type Energy, isJoint, isLearnable, type Labeled } from "../energy.ts";
import { CapabilityError, type TemperatureOptions } from "../errors.ts";
import { freeEnergy, softmin } from "../gibbs.ts";

/**
 * Returns the free energy of x over its labels, E_β(x) = −(1/β) log Σ_y exp(−βE(x, y)); at β = 1 the negative log of the
 * marginal density up to a constant (Grathwohl et al. 2019). Tempering and marginalizing do not commute, so β is a
 * matter of this function, not of a factor on the result. Over spins the result has cursors, and it has the parameters of the joint
 * energy: ∂E_β/∂θ = Σ_y p_β(y|x) ∂E(x, y)/∂θ.
 *
 * @example
 * ```ts
 * import { marginalize, plainEnergy } from "@basin/energy-core";
 *
 * const space = { kind: "joint", input: { kind: "reals", dimension: 1 }, labels: 2 } as const;
 * const joint = plainEnergy(space, ({ x, y }: { x: Float64Array; y: number }) => (x[0] - y) ** 2);
 * console.log(marginalize(joint).energy(Float64Array.of(0.5))); // ¼ − ln 2
 * ```
 *
 * @throws {CapabilityError} when the energy is not over labels; {ArgumentError} for β = 0.
 */
export function marginalize<X>(energy: Energy<Labeled<X>>, options: TemperatureOptions = {}): Energy<X> {
  const { space } = energy;
  if (space.kind !== "joint") {
    throw new CapabilityError(
      `marginalize needs an energy over inputs and labels, this one is over ${space.kind}`,
    );
  }
  // An illegal temperature shows here rather than at the first use.
  freeEnergy([0], options);
  const energies = new Float64Array(space.labels);
  const labeled = (x: X): Float64Array => {
    if (isJoint(energy)) energy.energies(x, energies);
    else for (let y = 0; y < energies.length; y++) energies[y] = energy.energy({ x, y });
    return energies;
  };
  const free = plainEnergy<X>(space.input, (x) => freeEnergy(labeled(x), options));
  if (!isLearnable(energy)) return free;
  return Object.assign(free, {
    parameters: energy.parameters,
    addParameterGradient(x: X, weight: number, out: Float64Array) {
      for (const [y, share] of softmin(labeled(x), options).entries()) {
        if (share > 0) energy.addParameterGradient({ x, y }, weight * share, out);
      }
    },
  });
}
