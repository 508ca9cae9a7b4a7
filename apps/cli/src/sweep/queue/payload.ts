import { z } from "zod";
import { entryOf } from "../../registry.ts";
import { checkRelative } from "../paths.ts";
import { places, refused, whyRefused } from "../places.ts";
import { idOf } from "../plan.ts";
import { fileName, firstIssue } from "../study.ts";
import { kindsOf, settingsOf } from "../wording.ts";

/** Larger records belong in a file. */
export const MOST_RECORD_BYTES = 1_000_000;

const hash = z.string().regex(/^[0-9a-f]{32}$/);
const sum = z.string().regex(/^[0-9a-f]{64}$/);
const text = z.union([z.string(), z.boolean(), z.array(z.string())]);

const task = z.strictObject({
  format: z.literal(1),
  sweep: hash,
  id: hash,
  task: z.strictObject({
    command: z.string(),
    options: z.record(z.string(), text),
    seed: z.int().min(0).optional(),
    inputs: z.record(z.string(), sum),
    outputs: z.record(z.string(), fileName),
  }),
});

const arrival = z.strictObject({
  id: hash,
  record: z.string().max(MOST_RECORD_BYTES),
  seconds: z.number().min(0),
  attempts: z.int().min(1),
});

const record = z.strictObject({
  version: z.string(),
  result: z.json(),
  warnings: z.array(z.string()),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0), sha256: sum })),
});

/** A task for a worker. */
export type TaskPayload = z.infer<typeof task>;
/** A result for a collector. */
export type ArrivalPayload = z.infer<typeof arrival>;

/**
 * Resolves to a task from a queue. It is checked like a study: a known command with its options, paths below a folder,
 * and the right name.
 *
 * @throws {Error} saying what is wrong with it.
 */
export async function readTask(data: unknown): Promise<TaskPayload> {
  const { data: payload, error } = task.safeParse(data);
  if (payload === undefined) throw new Error(`the task is not as expected: ${firstIssue(error)}`);
  const { command, options, inputs, outputs } = payload.task;
  if (!Object.hasOwn(places, command) || entryOf(command)?.load === undefined)
    throw new Error(`the command "${command}" is not one that a task may be`);
  if (idOf(payload.task) !== payload.id) throw new Error("the name of the task is not that of what it says");
  const settings = await settingsOf(command);
  const kinds = kindsOf(command, settings);
  for (const [name, given] of Object.entries(options)) {
    if (!Object.hasOwn(settings, name) || Object.hasOwn(refused, name) || kinds.outputs.has(name))
      throw new Error(`${name} is no option of a task of ${command}`);
    const why = whyRefused(name, given);
    if (why !== undefined) throw new Error(`${name} is ${given}: ${why}`);
    if (!kinds.reads.has(name)) continue;
    for (const path of [given].flat() as string[]) {
      const isName = kinds.sources.has(name) && /^[a-z][a-z0-9-]*$/.test(path);
      if (!Object.hasOwn(inputs, path) && !isName)
        throw new Error(`${name} names ${path}, of which no checksum came`);
    }
  }
  for (const path of Object.keys(inputs)) checkRelative(path);
  for (const name of Object.keys(outputs))
    if (!kinds.outputs.has(name)) throw new Error(`${name} is no output of ${command}`);
  return payload;
}

/** Returns a result from a queue. @throws {Error} that says what is wrong with it. */
export function readArrival(data: unknown): ArrivalPayload {
  const { data: payload, error } = arrival.safeParse(data);
  if (payload === undefined) throw new Error(`the result is not as expected: ${firstIssue(error)}`);
  const held = record.safeParse(JSON.parse(payload.record));
  if (held.data === undefined)
    throw new Error(`the record of ${payload.id} is not as expected: ${firstIssue(held.error)}`);
  for (const { name } of held.data.files) checkRelative(name);
  return payload;
}
