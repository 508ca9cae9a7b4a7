import ts from "typescript-api";

type Schema = Record<string, unknown>;

/** How numbers stand in JSON, which has no words for those that are not finite. */
const NUMBER = {
  description: "a number; NaN and ±∞ are texts",
  anyOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity"] }],
};
const NUMERIC_ARRAY = /^((Ui|I)nt\d+(Clamped)?|Float(32|64))Array$/;
const DECLARED = ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias;
/** Types that stand for what they are made of. */
const UNNAMED = /^(Omit|Pick|Partial|Readonly|Required|Values|Record|Figures)$/;

/**
 * Returns a function from types of TypeScript to JSON schemas of what `toJson` prints of their values, and the named
 * types that it met.
 */
export function schemaMaker(checker: ts.TypeChecker) {
  const definitions = new Map<string, Schema>([["Number", NUMBER]]);
  const names = new Map<ts.Type, string>();

  function schemaOf(type: ts.Type, where: string): Schema {
    const { flags } = type;
    if (type.isUnion()) return unionOf(type, where);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === "true" };
    if (flags & ts.TypeFlags.String || flags & ts.TypeFlags.TemplateLiteral) return { type: "string" };
    if (flags & ts.TypeFlags.Number) return { $ref: "#/$defs/Number" };
    if (flags & ts.TypeFlags.Boolean) return { type: "boolean" };
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    if (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never)) return { not: {} };
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) return {};
    if (flags & ts.TypeFlags.Object || type.isIntersection()) return named(type, where);
    throw new Error(`${where}: no schema for ${checker.typeToString(type)}`);
  }

  function unionOf(type: ts.UnionType, where: string): Schema {
    const members = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const isBoolean = (each: ts.Type) => (each.flags & ts.TypeFlags.BooleanLiteral) !== 0;
    const literals = members.filter((each) => each.isStringLiteral() || each.isNumberLiteral());
    const rest = members.filter((each) => !literals.includes(each as never) && !isBoolean(each));
    const booleans = members.filter(isBoolean);
    const parts = [
      ...(literals.length > 0 ? [{ enum: literals.map(({ value }) => value) }] : []),
      ...(booleans.length === 2 ? [{ type: "boolean" }] : booleans.map((each) => schemaOf(each, where))),
      ...rest.map((each) => schemaOf(each, where)),
    ];
    return parts.length === 1 ? parts[0] : { anyOf: parts };
  }

  function named(type: ts.Type, where: string): Schema {
    const list = listOf(type, where);
    if (list !== undefined) return list;
    const plain = type.aliasSymbol === undefined || (type.aliasTypeArguments ?? []).length === 0;
    const symbol = type.aliasSymbol ?? type.symbol;
    const isNamed = plain && (symbol?.flags ?? 0) & DECLARED && !UNNAMED.test(symbol.name);
    const hasArguments = !type.aliasSymbol && checker.getTypeArguments(type as ts.TypeReference).length > 0;
    if (!isNamed || hasArguments) return objectOf(type, where);
    const known = names.get(type);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    let name = symbol.name;
    for (let k = 2; definitions.has(name); k++) name = `${symbol.name}${k}`;
    names.set(type, name);
    definitions.set(name, {});
    const description = textOf(symbol);
    definitions.set(name, { ...(description && { description }), ...objectOf(type, where) });
    return { $ref: `#/$defs/${name}` };
  }

  function listOf(type: ts.Type, where: string): Schema | undefined {
    const name = type.symbol?.name ?? "";
    if (NUMERIC_ARRAY.test(name)) return { type: "array", items: { $ref: "#/$defs/Number" } };
    const parts = checker.getTypeArguments(type as ts.TypeReference);
    if (checker.isTupleType(type)) {
      const { minLength } = (type as ts.TupleTypeReference).target;
      return { type: "array", prefixItems: parts.map((part) => schemaOf(part, where)), minItems: minLength };
    }
    if (checker.isArrayType(type) || name === "ArrayLike")
      return { type: "array", items: schemaOf(parts[0], where) };
    // What extends an array is printed as one.
    const bases = type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
    const array = bases.find((base) => checker.isArrayType(base));
    return array && listOf(array, where);
  }

  function objectOf(type: ts.Type, where: string): Schema {
    const json = type.getProperty("toJSON");
    if (json !== undefined) {
      const [signature] = checker.getTypeOfSymbol(json).getCallSignatures();
      return schemaOf(signature.getReturnType(), where);
    }
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of checker.getPropertiesOfType(type)) {
      const of = checker.getTypeOfSymbol(property);
      // What is a function is not printed, and what may be undefined may be absent.
      const value = of.isUnion() ? of.types.filter((each) => each.getCallSignatures().length === 0) : [of];
      const isNever = (of.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Never)) !== 0;
      if (of.getCallSignatures().length > 0 || value.length === 0 || isNever) continue;
      const description = textOf(property);
      const schema = schemaOf(of, `${where}, ${property.name}`);
      properties[property.name] = { ...(description && { description }), ...schema };
      const isMissing = (each: ts.Type) =>
        (each.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
      const maybe = of.isUnion() ? of.types.some(isMissing) : isMissing(of);
      if (!(property.flags & ts.SymbolFlags.Optional) && !maybe) required.push(property.name);
    }
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: "object",
      properties,
      ...(required.length > 0 && { required }),
      additionalProperties: index === undefined ? false : schemaOf(index, where),
    };
  }

  function textOf(symbol: ts.Symbol): string {
    return ts
      .displayPartsToString(symbol.getDocumentationComment(checker))
      .replace(/\{@link ([^}]+)\}/g, "$1")
      .replace(/\s+/g, " ")
      .trim();
  }

  return { schemaOf, definitions };
}
