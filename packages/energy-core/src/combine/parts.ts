import type { Capability, Lacking } from "../capability.ts";
import {
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isJoint,
  isLearnable,
  isSpinEnergy,
  type JointEnergy,
  type LearnableEnergy,
  type Space,
  type SpinEnergy,
} from "../energy.ts";
import { ArgumentError, DimensionError } from "../errors.ts";

/** Which parts of a combination have which capability, and why a shared one is missing. */
export interface Parts {
  readonly space: Space;
  readonly gradients?: readonly DifferentiableEnergy[];
  readonly spins?: readonly SpinEnergy[];
  readonly joints?: readonly JointEnergy<never>[];
  /** The one part with parameters; live parameters of several parts cannot be one array. */
  readonly learnable?: { readonly index: number; readonly energy: LearnableEnergy<never> };
  readonly lacking: NonNullable<Lacking["lacking"]>;
}

/**
 * Returns what the parts of `what` share.
 *
 * @throws {ArgumentError} for no parts; {DimensionError} when they are not over the same space.
 */
export function inspectParts(what: string, parts: readonly Energy<never>[]): Parts {
  if (parts.length === 0) throw new ArgumentError(`${what} needs at least one part`);
  const { space } = parts[0];
  for (const [k, part] of parts.entries()) {
    if (JSON.stringify(part.space) === JSON.stringify(space)) continue;
    throw new DimensionError(
      `part ${k} of ${what} is over ${describeSpace(part.space)}, part 0 over ${describeSpace(space)}`,
    );
  }
  const lacking: Partial<Record<Capability, string>> = {};
  const all = <T>(name: Capability, has: (part: Energy<never>) => boolean): readonly T[] | undefined => {
    const without = parts.findIndex((part) => !has(part));
    if (without < 0) return parts as unknown as readonly T[];
    lacking[name] = `part ${without} of ${what} has no ${name}`;
    return undefined;
  };
  const gradients = all<DifferentiableEnergy>("gradient", isDifferentiable);
  const spins = all<SpinEnergy>("cursor", isSpinEnergy);
  const joints = all<JointEnergy<never>>("labels", (part) => isJoint(part as Energy<never>));
  const learnables = parts.flatMap((part, k) => (isLearnable(part as Energy<never>) ? [k] : []));
  if (learnables.length !== 1) {
    lacking.parameters =
      learnables.length === 0
        ? `no part of ${what} has parameters`
        : `parts ${learnables.join(", ")} of ${what} all have parameters, which cannot be one live array`;
  }
  const [index] = learnables;
  return {
    space,
    gradients,
    spins,
    joints,
    learnable:
      learnables.length === 1
        ? { index, energy: parts[index] as unknown as LearnableEnergy<never> }
        : undefined,
    lacking,
  };
}

function describeSpace(space: Space): string {
  switch (space.kind) {
    case "joint":
      return `${space.labels} labels of ${describeSpace(space.input)}`;
    case "tensors":
      return `tensors of shape [${space.shape.join(", ")}]`;
    default:
      return `${space.dimension} ${space.kind}`;
  }
}
