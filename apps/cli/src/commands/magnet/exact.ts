import type { Command } from "commander";
import { jsonOption } from "../../options.ts";
import { printJson } from "../../output.ts";
import { parseTemperature } from "./model.ts";

/** Adds `exact`: what is known of the square lattice without simulating anything. */
export function registerExact(ising: Command): void {
  ising
    .command("exact")
    .description("exact values of the square lattice with J = 1 (Onsager, Yang, Kaufman)")
    .requiredOption("--temperature <T>", "temperature in units of J", parseTemperature)
    .option("--size <L or LxM>", "also the finite torus of this size")
    .addOption(jsonOption())
    .action(exactAction);
}

async function exactAction({
  temperature,
  size,
  json,
}: {
  temperature: number;
  size?: string;
  json: boolean;
}) {
  const { kaufman, onsager } = await import("@basin/ising");
  const infinite = {
    criticalTemperature: onsager.criticalTemperature,
    magnetization: onsager.magnetization(temperature),
    energyPerSpin: onsager.energy(temperature),
    specificHeat: onsager.specificHeat(temperature),
  };
  const sides = size?.split(/[x×]/).map(Number);
  const torus = sides && {
    rows: sides[0],
    columns: sides.at(-1),
    ...kaufman(sides[0], sides[sides.length - 1], temperature),
  };
  if (json) return printJson({ temperature, infinite, ...(torus ? { torus } : {}) });
  for (const [title, values] of Object.entries({ infinite, ...(torus ? { torus } : {}) })) {
    process.stdout.write(
      `${title === "infinite" ? "infinite lattice" : `torus ${size}`}, T = ${temperature}\n`,
    );
    for (const [name, value] of Object.entries(values))
      process.stdout.write(`  ${name.padEnd(22)} ${value}\n`);
  }
}
