import {
  type Checker,
  type Symbol as CompilerSymbol,
  SignatureKind,
  SymbolFlags,
  type Type,
  TypeFlags,
} from "typescript/unstable/sync";
import type { Surface } from "./surface.ts";

/** A name of a property of a public type that is no function. */
export interface PropertyName {
  readonly name: string;
  /** The packages whose types have it. */
  readonly packages: readonly string[];
  /** One of these types, for messages. */
  readonly owner: string;
}

/** Returns the names of all properties of the types that public entries export, take as options and return, sorted. */
export function propertyNames({ entries, checker }: Surface): PropertyName[] {
  const found = new Map<string, { packages: Set<string>; owner: string }>();
  const walk = new Walk(checker, (name, file, owner) => {
    const [, folder] = /\/packages\/([^/]+)\/src\//.exec(file) ?? [];
    if (folder === undefined || !/^[a-z]\w*$/.test(name)) return;
    const known = found.get(name) ?? { packages: new Set(), owner };
    known.packages.add(folder);
    found.set(name, known);
  });
  for (const { names } of entries.filter(({ name }) => !name.endsWith("/internal"))) {
    for (const { name, symbol } of names) walk.symbol(symbol, name);
  }
  return [...found]
    .map(([name, { packages, owner }]) => ({ name, packages: [...packages].sort(), owner }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Visit = (name: string, file: string, owner: string) => void;

/** Goes over types and what they hold, each once. */
class Walk {
  readonly #seen = new Set<number>();
  readonly #checker: Checker;
  readonly #visit: Visit;

  constructor(checker: Checker, visit: Visit) {
    this.#checker = checker;
    this.#visit = visit;
  }

  symbol(symbol: CompilerSymbol, owner: string): void {
    const checker = this.#checker;
    if (symbol.flags & SymbolFlags.Type) this.#type(checker.getDeclaredTypeOfSymbol(symbol), owner);
    if (symbol.flags & SymbolFlags.Function) this.#calls(checker.getTypeOfSymbol(symbol) as Type, owner);
  }

  /** What functions take and return. */
  #calls(type: Type, owner: string): void {
    for (const signature of this.#checker.getSignaturesOfType(type, SignatureKind.Call)) {
      for (const parameter of signature.getParameters())
        this.#type(this.#checker.getTypeOfSymbol(parameter), owner);
      this.#type(this.#checker.getReturnTypeOfSignature(signature), owner);
    }
  }

  #type(type: Type | undefined, owner: string): void {
    const checker = this.#checker;
    if (type === undefined || this.#seen.has(type.id)) return;
    this.#seen.add(type.id);
    if (type.isUnionType()) for (const member of type.getTypes()) this.#type(member, owner);
    else if (type.isTypeReference())
      for (const held of checker.getTypeArguments(type)) this.#type(held, owner);
    if (!(type.flags & (TypeFlags.Object | TypeFlags.Intersection))) return;
    const named = type.getAliasSymbol()?.name ?? type.getSymbol()?.name ?? "";
    const called = /^[A-Z]/.test(named) ? named : owner;
    for (const property of checker.getPropertiesOfType(type)) {
      const file = property.declarations[0]?.path ?? "";
      if (!file.includes("/packages/") || property.flags & SymbolFlags.Method) continue;
      const value = checker.getNonNullableType(checker.getTypeOfSymbol(property) as Type) as Type;
      if (checker.getSignaturesOfType(value, SignatureKind.Call).length > 0) {
        if (!/^on[A-Z]/.test(property.name)) continue;
      }
      this.#visit(property.name, file, called);
      this.#type(value, `${called}.${property.name}`);
    }
  }
}
