import type { Capability, Lacking } from "../capability.ts";
import {
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isJoint,
  isLearnable,
  isSpinEnergy,
  type JointEnergy,
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
  if (!parts.some((part) => isLearnable(part as Energy<never>))) {
    lacking.parameters = `no part of ${what} has parameters`;
  }
  return { space, gradients, spins, joints, lacking };
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
