import { ArgumentError } from "@basin/energy-core";
import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";

/** Larger files contain data, which belong in other files. */
const MOST_BYTES = 1_000_000;
/** The most uses of one anchor, including those inside it: a few lines of aliases can expand to gigabytes. */
const MOST_ALIASES = 100;
/** More nesting than any study has, and less than the stack of the parser allows. */
const MOST_DEEP = 100;

/**
 * Returns the plain value of a text in YAML 1.2 (core schema, without tags) or JSON.
 *
 * @throws {ArgumentError} that names the file and, if known, the line.
 */
export function readYaml(text: string, name: string): unknown {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES)
    throw new ArgumentError(`${name} has ${bytes} bytes, expected at most ${MOST_BYTES}`);
  checkDepth(text, name);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...{ version: "1.2", schema: "core", merge: false, intAsBigInt: true, lineCounter: lines },
    // The check of the library compares every pair of keys; the one below uses a set.
    ...{ uniqueKeys: false, prettyErrors: false },
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new ArgumentError(`${name}, line ${line}, column ${col}: ${problem.message}`);
  }
  checkNodes(document, (offset, what) => {
    throw new ArgumentError(`${name}, line ${lines.linePos(offset ?? 0).line}: ${what}`);
  });
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw new ArgumentError(
      `${name}: ${(error as Error).message}; at most ${MOST_ALIASES} uses of an anchor`,
    );
  }
}

/** Only brackets and indentation nest, so the text bounds the depth of the stack of the parser. */
function checkDepth(text: string, name: string): void {
  let depth = 0;
  for (const [number, line] of text.split("\n").entries()) {
    for (const sign of line) depth += "[{".includes(sign) ? 1 : "]}".includes(sign) ? -1 : 0;
    const dashes = /^(?:\s*[-?:]\s)*/.exec(line)?.[0].replaceAll(/\s/g, "").length ?? 0;
    depth = Math.max(0, depth);
    if (depth + dashes > MOST_DEEP || line.search(/\S/) > 10 * MOST_DEEP)
      throw new ArgumentError(`${name}, line ${number + 1}: nested more than ${MOST_DEEP} deep`);
  }
}

function checkNodes(document: Document, refuse: (offset: number | undefined, what: string) => never): void {
  const { explicit, version } = document.directives?.yaml ?? {};
  if (explicit && version !== "1.2") refuse(0, `version ${version} of YAML, expected 1.2`);
  visit(document, (_, node, path) => {
    if (!isNode(node)) return;
    const [offset] = node.range ?? [];
    const named = isAlias(node) ? node.resolve(document) : undefined;
    if (named !== undefined && path.includes(named)) refuse(offset, "an alias inside of what it names");
    if (!isAlias(node) && node.tag !== undefined) refuse(offset, `a tag (${node.tag}), expected none`);
    if (isScalar(node)) checkScalar(node, refuse);
    if (!isMap(node)) return;
    const seen = new Set<unknown>();
    for (const { key } of node.items) {
      if (!isScalar(key)) refuse(offset, "a key that is no text");
      const text = String(key.value);
      if (seen.has(text)) refuse(key.range?.[0], `the key ${text} is given twice, expected once`);
      seen.add(text);
    }
  });
}

/** Whole numbers are read as BigInt, which shows those that a double would round; the others become numbers here. */
function checkScalar(
  node: { value: unknown; range?: readonly number[] | null },
  refuse: (at: number | undefined, what: string) => never,
) {
  if (typeof node.value !== "bigint") return;
  if (!Number.isSafeInteger(Number(node.value)))
    refuse(node.range?.[0], `the number ${node.value} is not exact in a double; write it as text`);
  node.value = Number(node.value);
}
