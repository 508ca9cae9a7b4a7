import {
  type Checker,
  type Symbol as CompilerSymbol,
  SignatureKind,
  type Type,
  TypeFlags,
} from "typescript/unstable/sync";
import type { Entry, Surface } from "./surface.ts";

/** A function of an entry point, and which of its parameters takes options by name. */
export interface OptionParameter {
  readonly entry: Entry;
  readonly name: string;
  /** Place of the parameter in the call. */
  readonly index: number;
  /** The options that the parameter's type knows. */
  readonly options: readonly string[];
}

/**
 * Returns the parameters that take options of all functions that public entries export: those of a type called
 * `…Options` or `…Description`, those called `options` or taken apart in place of a type without a name. Of an
 * overloaded function the last signature speaks.
 */
export function optionParameters({ entries, checker }: Surface): OptionParameter[] {
  const open = entries.filter(({ name }) => !name.endsWith("/internal"));
  return open.flatMap((entry) =>
    entry.names.flatMap(({ name, isType, symbol }) => {
      const type = isType ? undefined : checker.getTypeOfSymbol(symbol);
      const signature = type && checker.getSignaturesOfType(type, SignatureKind.Call).at(-1);
      return (signature?.getParameters() ?? []).flatMap((parameter, index) => {
        const options = optionsOf(checker, parameter);
        return options.length === 0 ? [] : [{ entry, name, index, options }];
      });
    }),
  );
}

/** Returns the names of the options that a parameter takes; none where it takes something else. */
function optionsOf(checker: Checker, parameter: CompilerSymbol): string[] {
  const given = checker.getNonNullableType(checker.getTypeOfSymbol(parameter) as Type) as Type;
  const called = given.getAliasSymbol()?.name ?? given.getSymbol()?.name ?? "";
  const taken = parameter.name === "options" || (parameter.name.startsWith("__") && !/^[A-Z]/.test(called));
  if (checker.isTupleType(given) || !(taken || /(Options|Description)$/.test(called))) return [];
  const members = given.isUnionType() ? given.getTypes() : [given];
  const objects = members.filter(({ flags }) => flags & (TypeFlags.Object | TypeFlags.Intersection));
  return [
    ...new Set(objects.flatMap((member) => checker.getPropertiesOfType(member).map(({ name }) => name))),
  ];
}
