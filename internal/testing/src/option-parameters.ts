import {
  type Checker,
  type Symbol as CompilerSymbol,
  type Signature,
  SignatureKind,
  SymbolFlags,
  type Type,
  TypeFlags,
} from "typescript/unstable/sync";
import type { Entry, Surface } from "./surface.ts";

/** What is known of the options that a call takes. */
export interface CallOptions {
  /** Place of the parameter in the call. */
  readonly index: number;
  /** The options that the parameter's type knows. */
  readonly options: readonly string[];
  /** Whether one of them is a seed, and whether it must be given. */
  readonly seed?: "required" | "optional";
  /** Whether the result, each of its entries or what it resolves to has a `seed`. */
  readonly reportsSeed: boolean;
}

/** A function of an entry point, and which of its parameters takes options by name. */
export interface OptionParameter extends CallOptions {
  readonly entry: Entry;
  readonly name: string;
}

/**
 * Returns the parameters that take options of all functions that public entries export: those of a type called
 * `…Options` or `…Description`, those called `options` or taken apart in place of a type without a name. Of an
 * overloaded function the last signature speaks.
 */
export function optionParameters({ entries, checker }: Surface): OptionParameter[] {
  return entries.filter(isOpen).flatMap((entry) =>
    entry.names.flatMap(({ name, isType, symbol }) => {
      const type = isType ? undefined : checker.getTypeOfSymbol(symbol);
      const signature = type && checker.getSignaturesOfType(type, SignatureKind.Call).at(-1);
      return signature ? callOptions(checker, signature).map((call) => ({ entry, name, ...call })) : [];
    }),
  );
}

/** A method of an object that public functions return or types describe, whose parameter takes options. */
export interface OptionMethod extends CallOptions {
  /** Name of the type and of the method: `HopfieldMemory.recall`. */
  readonly name: string;
}

/** Returns the methods with options of all types that public entries export or whose objects they return, sorted. */
export function optionMethods({ entries, checker }: Surface): OptionMethod[] {
  const found = new Map<string, OptionMethod>();
  const seen = new Set<number>();
  const visit = (given: Type | undefined): void => {
    const type = given && entryOf(checker, given);
    if (type === undefined || seen.has(type.id)) return;
    seen.add(type.id);
    if (type.isUnionType()) for (const member of type.getTypes()) visit(member);
    if (!(type.flags & (TypeFlags.Object | TypeFlags.Intersection))) return;
    const owner = type.getAliasSymbol()?.name ?? type.getSymbol()?.name;
    for (const property of checker.getPropertiesOfType(type)) {
      if (!property.declarations[0]?.path.includes("/packages/")) continue;
      const value = checker.getNonNullableType(checker.getTypeOfSymbol(property) as Type) as Type;
      const signatures = checker.getSignaturesOfType(value, SignatureKind.Call);
      if (signatures.length === 0) visit(value);
      for (const signature of signatures) {
        visit(checker.getReturnTypeOfSignature(signature));
        const name = `${owner}.${property.name}`;
        for (const call of callOptions(checker, signature))
          if ((owner ?? "__type") !== "__type") found.set(name, { name, ...call });
      }
    }
  };
  for (const { isType, symbol } of entries.filter(isOpen).flatMap(({ names }) => names)) {
    if (symbol.flags & SymbolFlags.Type) visit(checker.getDeclaredTypeOfSymbol(symbol));
    const type = isType ? undefined : checker.getTypeOfSymbol(symbol);
    const signatures = type ? checker.getSignaturesOfType(type, SignatureKind.Call) : [];
    for (const signature of signatures) visit(checker.getReturnTypeOfSignature(signature));
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const isOpen = ({ name }: Entry) => !name.endsWith("/internal");

function callOptions(checker: Checker, signature: Signature): CallOptions[] {
  return signature.getParameters().flatMap((parameter, index) => {
    const taken = optionsOf(checker, parameter);
    if (taken.length === 0) return [];
    const seed = taken.find(({ name }) => name === "seed");
    const result = checker.getReturnTypeOfSignature(signature);
    return [
      {
        ...{ index, options: [...new Set(taken.map(({ name }) => name))] },
        ...(seed && {
          seed: seed.flags & SymbolFlags.Optional ? ("optional" as const) : ("required" as const),
        }),
        reportsSeed: result !== undefined && hasSeed(checker, entryOf(checker, result)),
      },
    ];
  });
}

/** Returns the options that a parameter takes; none where it takes something else. */
function optionsOf(checker: Checker, parameter: CompilerSymbol): CompilerSymbol[] {
  const given = checker.getNonNullableType(checker.getTypeOfSymbol(parameter) as Type) as Type;
  const called = given.getAliasSymbol()?.name ?? given.getSymbol()?.name ?? "";
  const taken = parameter.name === "options" || (parameter.name.startsWith("__") && !/^[A-Z]/.test(called));
  if (checker.isTupleType(given) || !(taken || /(Options|Description)$/.test(called))) return [];
  return objectsOf(given).flatMap((member) => checker.getPropertiesOfType(member));
}

/** Returns what a promise resolves to, and the entries of lists; any other type as it is. */
function entryOf(checker: Checker, type: Type): Type {
  const isHolder = /^(Promise|Array|ReadonlyArray)$/.test(type.getSymbol()?.name ?? "");
  const [held] = isHolder && type.isTypeReference() ? checker.getTypeArguments(type) : [];
  return held === undefined ? type : entryOf(checker, held);
}

const hasSeed = (checker: Checker, type: Type) =>
  objectsOf(type).some((member) => checker.getPropertyOfType(member, "seed") !== undefined);

function objectsOf(type: Type): Type[] {
  const members = type.isUnionType() ? type.getTypes() : [type];
  return members.filter(({ flags }) => flags & (TypeFlags.Object | TypeFlags.Intersection));
}
