import { bqm } from "./bqm.ts";
import { bqpjson } from "./bqpjson.ts";
import { coo } from "./coo.ts";
import { dimacs } from "./dimacs.ts";
import { dimodFile } from "./dimod-file.ts";
import { edgeList } from "./edge-list.ts";
import type { Format } from "./format.ts";
import { graphml } from "./graphml.ts";
import { gset } from "./gset.ts";
import { matrixMarket } from "./matrix-market.ts";
import { nodeLink } from "./node-link.ts";
import { qplib } from "./qplib.ts";
import { quboFile } from "./qubo-file.ts";

/** Every format: a file each, and a line here. */
export const formats = {
  gset,
  dimacs,
  "matrix-market": matrixMarket,
  "edge-list": edgeList,
  graphml,
  "node-link": nodeLink,
  qubo: quboFile,
  coo,
  bqm,
  "dimod-file": dimodFile,
  bqpjson,
  qplib,
} satisfies Record<string, Format>;

/** A format that problems are read from. */
export type ProblemFormat = keyof typeof formats;

/** Every value of {@link ProblemFormat}. */
export const problemFormatNames = Object.keys(formats) as readonly ProblemFormat[];

/** Those that problems are written in. */
export const writableFormatNames = problemFormatNames.filter(
  (name) => (formats[name] as Format).write !== undefined,
);

/** Returns the format of a name, under the type that all have. */
export function formatOf(name: ProblemFormat): Format {
  return formats[name];
}
