import { SignatureKind, type Type, TypeFlags } from "typescript/unstable/sync";
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
 * Returns the parameters of a type called `…Options` or `…Description`, and those named `options` or taken apart in place whose type has no name, of
 * all functions that public entries export.
 * Of an overloaded function the last signature speaks.
 */
export function optionParameters({ entries, checker }: Surface): OptionParameter[] {
  const open = entries.filter(({ name }) => !name.endsWith("/internal"));
  return open.flatMap((entry) =>
    entry.names.flatMap(({ name, isType, symbol }) => {
      const type = isType ? undefined : checker.getTypeOfSymbol(symbol);
      const signature = type && checker.getSignaturesOfType(type, SignatureKind.Call).at(-1);
      return (signature?.getParameters() ?? []).flatMap((parameter, index) => {
        const given = checker.getNonNullableType(checker.getTypeOfSymbol(parameter) as Type) as Type;
        const called = given.getAliasSymbol()?.name ?? given.getSymbol()?.name ?? "";
        const isNamed = /^(?!(Omit|Partial)$)[A-Z]/.test(called);
        if (isNamed ? !/(Options|Description)$/.test(called) : !/^(options|__\d+)$/.test(parameter.name))
          return [];
        if (checker.isTupleType(given)) return [];
        const members = given.isUnionType() ? given.getTypes() : [given];
        const objects = members.filter(({ flags }) => flags & (TypeFlags.Object | TypeFlags.Intersection));
        const options = objects.flatMap((member) =>
          checker.getPropertiesOfType(member).map((each) => each.name),
        );
        return options.length === 0 ? [] : [{ entry, name, index, options: [...new Set(options)] }];
      });
    }),
  );
}
