import { ArgumentError } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";

/**
 * Checks that there is a name for each variable, and none twice: read back, two variables of one name would be one.
 *
 * @throws {DimensionError} for another number of names; {ArgumentError} naming what is there twice.
 */
export function checkLabels(labels: readonly (string | number)[] | undefined, variables: number): void {
  if (labels === undefined) return;
  checkLength("labels", labels.length, variables);
  const seen = new Set<string>();
  for (const label of labels.map(String)) {
    if (seen.has(label))
      throw new ArgumentError(`${JSON.stringify(label)} names two variables, expected one each`);
    seen.add(label);
  }
}
