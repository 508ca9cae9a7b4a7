import ts from "typescript-api";

/** One small fault: what replaces the text from `start` to `end`. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Line of the source, counted from 1. */
  readonly line: number;
}

const pairs: readonly (readonly [string, string])[] = [
  ["+", "-"],
  ["*", "/"],
  ["+=", "-="],
  ["*=", "/="],
  ["&", "|"],
  ["<<", ">>"],
  ["===", "!=="],
  ["==", "!="],
  ["<", "<="],
  [">", ">="],
  ["&&", "||"],
  ["++", "--"],
];
const others = new Map([
  ...pairs,
  ...pairs.map(([a, b]) => [b, a] as const),
  ["%", "*"],
  ["??", "&&"],
  ["^", "|"],
]);

/**
 * Returns every mutant of a source: operators exchanged, conditions negated, numbers one larger, truth values turned,
 * minus signs and calls removed, min and max exchanged. Types, imports, and what is thrown stay as they are.
 */
export function mutantsOf(source: string): Mutant[] {
  const file = ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, text: string) => {
    const start = node.getStart(file);
    const line = file.getLineAndCharacterOfPosition(start).line + 1;
    mutants.push({ start, end: node.end, text, line });
  };
  const visit = (node: ts.Node): void => {
    if (isLeftAlone(node)) return;
    for (const [part, text] of faultsAt(node, file)) add(part, text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

/** Returns the lines that a mutant changes, before and after, with single spaces. */
export function linesOf(source: string, { start, end, text }: Mutant): { was: string; becomes: string } {
  const first = source.lastIndexOf("\n", start - 1) + 1;
  const last = source.indexOf("\n", end);
  const rest = source.slice(end, last < 0 ? undefined : last);
  const spaced = (lines: string) => lines.replaceAll(/\s+/g, " ").trim();
  return {
    was: spaced(source.slice(first, end) + rest),
    becomes: spaced(source.slice(first, start) + text + rest),
  };
}

function isLeftAlone(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isThrowStatement(node) ||
    ts.isDecorator(node)
  );
}

function* faultsAt(node: ts.Node, file: ts.SourceFile): Generator<readonly [ts.Node, string]> {
  if (ts.isBinaryExpression(node)) {
    const other = others.get(node.operatorToken.getText(file));
    if (other !== undefined) yield [node.operatorToken, other];
  } else if (ts.isNumericLiteral(node)) yield [node, `(${node.text} + 1)`];
  else if (node.kind === ts.SyntaxKind.TrueKeyword) yield [node, "false"];
  else if (node.kind === ts.SyntaxKind.FalseKeyword) yield [node, "true"];
  else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    yield* signFaults(node, file);
  else if (ts.isIfStatement(node) || ts.isWhileStatement(node))
    yield [node.expression, `!(${node.expression.getText(file)})`];
  else if (ts.isConditionalExpression(node)) yield [node.condition, `!(${node.condition.getText(file)})`];
  else if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) yield [node, ";"];
  else if (ts.isPropertyAccessExpression(node) && node.expression.getText(file) === "Math") {
    if (node.name.text === "min") yield [node.name, "max"];
    if (node.name.text === "max") yield [node.name, "min"];
  }
}

function* signFaults(
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  file: ts.SourceFile,
): Generator<readonly [ts.Node, string]> {
  const operand = node.operand.getText(file);
  const isStep =
    node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  if (!isStep) yield [node, operand];
  else yield [node, node.getText(file).replace(/\+\+|--/, (sign) => others.get(sign)!)];
}
