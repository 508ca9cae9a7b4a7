import { vi } from "vitest";
import { run } from "../src/run.ts";

/** What one command gave. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in this process, as `basin ...args` would, and returns what it printed. */
export async function basin(...args: string[]): Promise<Outcome> {
  const out = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      out[stream] += text;
      return true;
    }),
  );
  try {
    return { code: await run(args), ...out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
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
