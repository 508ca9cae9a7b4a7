import { encodeNpy } from "@basin/energy-core/data";
import { InvalidArgumentError } from "commander";
import { toJson } from "../output.ts";

type Row = Readonly<Record<string, number | string | boolean | readonly number[] | undefined>>;

/** Returns a table in the format of the extension of its file. */
export function tableBytes(path: string, rows: readonly Row[]): string | Uint8Array {
  if (/\.json$/i.test(path)) return `${toJson(rows)}\n`;
  const columns = Object.keys(rows[0] ?? {});
  if (/\.csv$/i.test(path))
    return new TextEncoder().encode(
      [columns, ...rows.map((row) => columns.map((name) => row[name]))]
        .map((r) => `${r.join(",")}\n`)
        .join(""),
    );
  if (/\.npy$/i.test(path)) {
    const numbers = columns.filter((name) => typeof rows[0][name] === "number" && name !== "row");
    const data = Float64Array.from(rows.flatMap((row) => numbers.map((name) => row[name] as number)));
    return encodeNpy(data, [rows.length, numbers.length]);
  }
  throw new InvalidArgumentError(`${path}: unknown format; known: .csv, .json, .npy`);
}
