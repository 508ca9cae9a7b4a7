import { EnergyValueError } from "@basin/energy-core";
import type { JointModel } from "../model/contract.ts";

/**
 * Returns numbers of a model, `width` an input, when none is NaN or `forbidden`.
 *
 * @throws {EnergyValueError} naming the first that is, and a weight that is no number where there is one.
 */
export function checkNumbers<T extends Float32Array>(
  model: Partial<Pick<JointModel, "classifier" | "variables">>,
  values: T,
  {
    what,
    width = 1,
    first = 0,
    forbidden,
  }: { what: string; width?: number; first?: number; forbidden: number },
): T {
  const bad = values.findIndex((value) => Number.isNaN(value) || value === forbidden);
  if (bad < 0) return values;
  throw new EnergyValueError(
    `${what} of input ${first + Math.floor(bad / width)} is ${values[bad]}${culprit(model)}`,
  );
}

function culprit({ classifier, variables }: Partial<Pick<JointModel, "classifier" | "variables">>): string {
  const weights = classifier?.weights.map((weight) => ({ name: weight.originalName, tensor: weight.read() }));
  const all = weights ?? variables?.map((variable) => ({ name: variable.name, tensor: variable })) ?? [];
  const bad = all.find(({ tensor }) =>
    Array.from(tensor.dataSync()).some((value) => !Number.isFinite(value)),
  );
  return bad === undefined ? "" : `: weight "${bad.name}" of the model holds numbers that are not finite`;
}
