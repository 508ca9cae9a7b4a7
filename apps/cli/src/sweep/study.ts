import { lstatSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import { z } from "zod";
import { entryOf } from "../registry.ts";
import { hashOf } from "./hash.ts";
import { places } from "./places.ts";
import { readYaml } from "./yaml.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const value = z.union([scalar, z.array(scalar).min(1), z.record(z.string(), z.json())]);
const optionName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, "expected an option as the command line writes it, without --");
const seed = z.int().min(0);

/** A name that becomes the name of a file: one word that is not a path. */
export const fileName = z
  .string()
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$/, "expected a file name of letters, digits, dots, - and _");

const schema = z.strictObject({
  command: z.string(),
  options: z.record(optionName, value).default({}),
  grid: z.record(optionName, z.array(value).min(1)).default({}),
  list: z.array(z.record(optionName, value)).min(1).default([{}]),
  seed: seed.optional(),
  repeats: z.int().min(1).max(1_000_000).optional(),
  seeds: z.array(seed).min(1).optional(),
  outputs: z.record(optionName, fileName).default({}),
  figures: z.array(z.string()).min(1).max(20).optional(),
});

/** A command with the options and seeds of its runs: the content of the file. */
export type Study = z.infer<typeof schema>;
/** The allowed values of an option. */
export type OptionValue = z.infer<typeof value>;

/** A study that was read from a file. */
export interface StudyFile {
  readonly study: Study;
  /** SHA-256 of the content of the study. Spaces, comments and the order of keys do not change it. */
  readonly hash: string;
  /** The name of the file. */
  readonly name: string;
  /** The folder that the paths of its inputs are relative to. */
  readonly folder: string;
}

/** Returns the study of a file. @throws {ArgumentError} that names the file and the mistake. */
export function readStudy(name: string): StudyFile {
  const { size } = lstatSync(name);
  if (size > 1_000_000) throw new ArgumentError(`${name} has ${size} bytes, expected at most 1000000`);
  const study = parseStudy(readFileSync(name, "utf8"), name);
  return { study, hash: hashOf(study), name, folder: dirname(resolve(name)) };
}

/** Returns the study that a text describes. @throws {ArgumentError} as {@link readStudy}. */
export function parseStudy(text: string, name: string): Study {
  const { data, error } = schema.safeParse(readYaml(text, name), { reportInput: true });
  if (data === undefined) throw new ArgumentError(`${name}: ${firstIssue(error)}`);
  if (entryOf(data.command)?.load === undefined)
    throw new ArgumentError(
      `${name}: the command "${data.command}" is not known, expected one that basin --help lists`,
    );
  if (places[data.command] === undefined)
    throw new ArgumentError(
      `${name}: the command "${data.command}" cannot be swept; those that can: ${Object.keys(places).join(", ")}`,
    );
  return data;
}

/** Returns the first mistake in a value, with its place. */
export function firstIssue(error: z.ZodError): string {
  const [first] = error.issues;
  // The issue of a wrong key has the reason inside.
  const [inner] = "issues" in first ? (first.issues as z.core.$ZodIssue[]) : [];
  const issue = inner === undefined ? first : { ...inner, path: first.path };
  const place = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
  const given =
    issue.input === undefined || typeof issue.input === "object"
      ? ""
      : ` (it is ${JSON.stringify(issue.input)})`;
  return `${place}${issue.message}${given}`;
}
