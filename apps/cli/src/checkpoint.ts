import type { CheckpointStore } from "@basin/energy-core/run";
import { Option } from "commander";
import { resolveSeed } from "./options.ts";

/** The option `--checkpoint`. */
export function checkpointOption(): Option {
  return new Option(
    "--checkpoint <file>",
    "keep the run there; the same command goes on after an interruption",
  );
}

/** Returns where a run is kept, if anywhere, and its seed: without --seed a kept run goes on with its own. */
export async function keptRun(options: {
  seed?: number;
  checkpoint?: string;
}): Promise<{ seed: number; checkpoint: CheckpointStore | undefined }> {
  if (options.checkpoint === undefined) return { seed: resolveSeed(options.seed), checkpoint: undefined };
  const { fileCheckpoint } = await import("@basin/energy-core/run");
  const checkpoint = fileCheckpoint(options.checkpoint);
  const kept = options.seed ?? (await checkpoint.load())?.run.seed;
  return { seed: resolveSeed(typeof kept === "number" ? kept : undefined), checkpoint };
}
