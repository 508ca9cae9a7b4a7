import type { Algorithm, StartName } from "@basin/ising";
import type { Command } from "commander";
import { integer, jsonOption, resolveSeed, seedOption } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { encodeGray, spinPicture } from "../../pictures.ts";
import { startProgress } from "../../progress.ts";
import {
  algorithmOption,
  buildModel,
  type ModelOptions,
  parseTemperature,
  startOption,
  withModel,
} from "./model.ts";

interface Options extends ModelOptions {
  temperature: number;
  algorithm: Algorithm;
  sweeps: number;
  start: StartName;
  png: string;
  seed?: number;
  json: boolean;
}

/** Adds `snapshot`: a picture of the spins after some sweeps. */
export function registerSnapshot(ising: Command): void {
  withModel(ising.command("snapshot"), 512)
    .description("draw the spins after some sweeps, a pixel a spin")
    .requiredOption("--temperature <T>", "temperature in units of J", parseTemperature)
    .requiredOption("--png <file>", "the picture to write")
    .addOption(algorithmOption("metropolis"))
    .option("--sweeps <integer>", "sweeps before the picture", integer(0, 1e9), 1000)
    .addOption(startOption("first spins", "random"))
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(snapshotAction);
}

async function snapshotAction(options: Options): Promise<void> {
  const { temperature, algorithm, start, sweeps, png } = options;
  const seed = resolveSeed(options.seed);
  const { createLattice } = await import("@basin/ising");
  const model = await buildModel(options);
  const live = await createLattice(model, { algorithm, start, seed });
  const bar = startProgress("snapshot");
  const SLICES = 100;
  for (let slice = 0; slice < SLICES; slice++) {
    const next = Math.round((sweeps * (slice + 1)) / SLICES);
    live.sweep(next - live.sweeps, { temperature });
    bar.update({ done: live.sweeps, total: sweeps });
  }
  bar.stop();
  writeWhole(png, encodeGray(spinPicture(live.spins(), model.shape[model.shape.length - 1])));
  const figures = {
    png,
    temperature,
    algorithm,
    sweeps,
    seed,
    energyPerSite: live.energy / model.variables,
    magnetization: live.magnetization / model.variables,
  };
  if (options.json) printJson(figures);
  else {
    process.stdout.write(
      `${png}: T = ${temperature} after ${sweeps} sweeps, seed ${seed}; energy ${figures.energyPerSite.toFixed(5)} and magnetization ${figures.magnetization.toFixed(5)} per spin\n`,
    );
  }
}
