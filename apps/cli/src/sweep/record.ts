import type { WrittenFile } from "./task-call.ts";

/** The contents of a record. */
export interface ResultRecord {
  readonly version: string;
  readonly result: unknown;
  readonly warnings: readonly string[];
  readonly files: readonly WrittenFile[];
}

/** Returns the contents of a record. */
export function parseRecord(record: string): ResultRecord {
  return JSON.parse(record) as ResultRecord;
}

/** Yields every scalar in a plain value, with its path. */
export function* leavesOf(value: unknown, path = ""): Generator<readonly [path: string, leaf: unknown]> {
  if (value === null || typeof value !== "object") {
    yield [path, value];
    return;
  }
  for (const [key, entry] of Object.entries(value))
    yield* leavesOf(entry, path === "" ? key : `${path}.${key}`);
}

/** Returns the first place where two records differ, with both values. */
export function differenceOf(before: string, after: string): string {
  const kept = new Map(leavesOf(JSON.parse(before)));
  const came = new Map(leavesOf(JSON.parse(after)));
  for (const path of new Set([...kept.keys(), ...came.keys()]))
    if (!Object.is(kept.get(path), came.get(path)))
      return `${path} is ${kept.get(path)} and ${came.get(path)}`;
  return "the order of their keys";
}
