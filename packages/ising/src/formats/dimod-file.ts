import { EdgeList } from "../problem/edge-list.ts";
import type { FileSource, FileTerms, Format } from "./format.ts";
import { FormatError } from "./format-error.ts";
import { JsonFields } from "./json-fields.ts";

/**
 * dimod's binary file (`bqm.to_file()`, versions 1 and 2): the bytes DIMODBQM, the version, the length of a JSON
 * header, the header; then the offset, for each variable the start of its row and its linear bias, the rows of
 * (variable, bias), and in version 2 a section VARS of names.
 */
export const dimodFile: Format = {
  holds: "a dimod model in its binary file",
  extensions: ["bqm", "dimod"],
  kinds: ["ising", "qubo"],
  read: readDimodFile,
};

const MAGIC = "DIMODBQM";
type Reader = (view: DataView, at: number) => number;
const TYPES: Record<string, readonly [bytes: number, read: Reader]> = {
  float32: [4, (v, at) => v.getFloat32(at, true)],
  float64: [8, (v, at) => v.getFloat64(at, true)],
  uint8: [1, (v, at) => v.getUint8(at)],
  uint16: [2, (v, at) => v.getUint16(at, true)],
  int16: [2, (v, at) => v.getInt16(at, true)],
  uint32: [4, (v, at) => v.getUint32(at, true)],
  int32: [4, (v, at) => v.getInt32(at, true)],
  uint64: [8, (v, at) => Number(v.getBigUint64(at, true))],
  int64: [8, (v, at) => Number(v.getBigInt64(at, true))],
};

function readDimodFile({ bytes }: FileSource): FileTerms {
  const magic = bytes === undefined ? "" : latin(bytes.subarray(0, 8));
  if (bytes === undefined || magic !== MAGIC) {
    const hint = magic.startsWith("DIMOD") ? ` (${magic} is another model of dimod's)` : "";
    throw new FormatError(`the file begins with ${JSON.stringify(magic)}, expected ${MAGIC}${hint}`, 1, 1);
  }
  const cursor = new Cursor(bytes, 8);
  const version = cursor.number("uint8");
  cursor.number("uint8");
  if (version !== 1 && version !== 2) throw cursor.error(`version ${version} of the format, expected 1 or 2`);
  const header = new JsonFields(latin(cursor.bytes(cursor.number("uint32"))));
  const [variables, interactions] = header.numbers("shape", 2);
  const type = (name: string) => checkType(header, name);
  const [bias, index, start] = [type("dtype"), type("itype"), type("ntype")];
  const vartype = header.value("vartype");
  if (vartype !== "SPIN" && vartype !== "BINARY")
    throw header.error(`vartype is "${vartype}", expected SPIN or BINARY`);
  cursor.has(
    TYPES[bias][0] +
      variables * (TYPES[start][0] + TYPES[bias][0]) +
      2 * interactions * (TYPES[index][0] + TYPES[bias][0]),
  );
  const offset = cursor.number(bias);
  const starts = new Float64Array(variables + 1).fill(2 * interactions);
  const linear = new Float64Array(variables);
  for (let i = 0; i < variables; i++) {
    starts[i] = cursor.number(start);
    linear[i] = cursor.number(bias);
  }
  const list = new EdgeList();
  for (let i = 0; i < variables; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const [j, value] = [cursor.number(index), cursor.number(bias)];
      if (!(j < variables)) throw cursor.error(`variable ${j}, expected one below ${variables}`);
      // Each pair stands in both rows.
      if (j < i) list.push(j, i, value);
    }
  }
  const labels =
    version === 1 ? header.labels("variables", variables) : sectionOfNames(cursor, header, variables);
  return {
    variables,
    pairs: list.arrays,
    linear,
    offset,
    labels,
    kind: vartype === "SPIN" ? "ising" : "qubo",
    ...(labels === undefined ? { firstNumber: 0 } : {}),
  };
}

function checkType(header: JsonFields, name: string): string {
  const type = header.value(name);
  if (typeof type === "string" && type in TYPES) return type;
  throw header.error(`${name} is ${JSON.stringify(type)}, expected one of ${Object.keys(TYPES).join(", ")}`);
}

function sectionOfNames(
  cursor: Cursor,
  header: JsonFields,
  variables: number,
): (string | number)[] | undefined {
  if (header.value("variables") !== true) return undefined;
  const magic = latin(cursor.bytes(4));
  if (magic !== "VARS") throw cursor.error(`the section ${JSON.stringify(magic)}, expected VARS`);
  const text = latin(cursor.bytes(cursor.number("uint32")));
  return new JsonFields(`{"VARS":${text}}`).labels("VARS", variables);
}

class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  has(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    throw this.error(`the file ends after ${this.#bytes.length} bytes, expected ${this.#at + count} or more`);
  }

  number(type: string): number {
    const [size, read] = TYPES[type];
    this.has(size);
    this.#at += size;
    return read(this.#view, this.#at - size);
  }

  bytes(count: number): Uint8Array {
    this.has(count);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  error(message: string): FormatError {
    return new FormatError(`byte ${this.#at}: ${message}`, 1, 1);
  }
}

/** Characters of ASCII, which is all that dimod writes. */
function latin(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
