import { vi } from "vitest";
import { z } from "zod";
import { run } from "../src/run.ts";
import { schemaOf } from "../src/schema.ts";

/** What one command gave. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the command line in this process, as `basin ...args` would, and returns what it printed. JSON is held to the
 * schema of its command.
 */
export async function basin(...args: string[]): Promise<Outcome> {
  const out = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      out[stream] += text;
      return true;
    }),
  );
  try {
    const code = await run(args);
    if (args.includes("--json") && out.stdout.startsWith("{")) await checkEnvelope(JSON.parse(out.stdout));
    return { code, ...out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const schemas = new Map<string, z.ZodType>();

/** @throws when an envelope is not what the schema of its command says. */
export async function checkEnvelope(envelope: Envelope): Promise<void> {
  const { command } = envelope;
  const schema =
    schemas.get(command) ??
    z.fromJSONSchema((await schemaOf(command)) as Parameters<typeof z.fromJSONSchema>[0]);
  schemas.set(command, schema);
  const { error } = schema.safeParse(envelope);
  if (error)
    throw new Error(`basin ${command} --json is not what its schema says: ${z.prettifyError(error)}`);
}

/** Returns words in which the last of each option stands alone: a test's own options in place of its base's. */
export function lastOfEach(words: readonly string[]): string[] {
  return words.filter((word, k) => {
    const at = word.startsWith("--") ? k : k - 1;
    const name = words[at] ?? "";
    return !name.startsWith("--") || words.lastIndexOf(name) === at;
  });
}

/** What a command of `--json` printed: one envelope for all. */
export interface Envelope {
  readonly command: string;
  readonly version: string;
  readonly seed?: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests compare it with what they expect.
  readonly options: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly result: any;
  readonly warnings: readonly string[];
  readonly timing: { readonly seconds: number };
}

/** Returns what a command printed as JSON. */
export function envelopeOf(stdout: string): Envelope {
  return JSON.parse(stdout);
}

/** Returns the result that a command printed as JSON. */
export function resultOf(stdout: string): Envelope["result"] {
  return envelopeOf(stdout).result;
}
