import { vi } from "vitest";
import { buildProgram } from "../src/program.ts";
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
    return { code: await run(buildProgram(), ["node", "basin", ...args]), ...out };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
