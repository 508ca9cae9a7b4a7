import { ArgumentError } from "@basin/energy-core";
import type { Lattice } from "@basin/ising";
import type { Command } from "commander";
import { jsonOption } from "../../options.ts";
import { printJson } from "../../output.ts";
import { buildModel, type ModelOptions, parseTemperature, withModel } from "./model.ts";

interface Options extends Omit<ModelOptions, "size"> {
  temperature: number;
  size?: number | number[];
  infinite: boolean;
  json: boolean;
}

/** Adds `exact`: what is known of a lattice without simulating anything. */
export function registerExact(ising: Command): void {
  withModel(ising.command("exact"), "optional")
    .description(
      "exact values: the infinite square lattice (Onsager, Yang), its tori (Kaufman), chains and strips (transfer matrices)",
    )
    .requiredOption("--temperature <T>", "temperature in units of k_B", parseTemperature)
    .option("--infinite", "let the rows of a strip or chain repeat for ever", false)
    .addOption(jsonOption())
    .action(exactAction);
}

async function exactAction({ json, infinite, temperature, size, ...options }: Options): Promise<void> {
  const model =
    size === undefined && options.lattice === "square" && options.boundary === "periodic"
      ? undefined
      : await buildModel({ ...options, size: size ?? missingSize() });
  const J = options.coupling;
  const plain =
    options.lattice === "square" &&
    typeof J === "number" &&
    J > 0 &&
    options.field === 0 &&
    options.disorder === "none";
  if (model === undefined && !plain) missingSize();
  const found = {
    ...(plain && !infinite && options.boundary === "periodic"
      ? { infinite: await infiniteSquare(temperature, J) }
      : {}),
    ...(model === undefined ? {} : await finite(model, temperature, plain && !infinite, infinite)),
  };
  if (json) return printJson({ temperature, ...found });
  for (const [title, values] of Object.entries(found)) {
    process.stdout.write(`${TITLES[title](String(size))}, T = ${temperature}\n`);
    for (const [name, value] of Object.entries(values))
      process.stdout.write(`  ${name.padEnd(22)} ${value}\n`);
  }
}

const TITLES: Record<string, (size: string) => string> = {
  infinite: () => "infinite lattice",
  torus: (size) => `torus ${size}`,
  strip: (size) => `strip ${size}`,
};

function missingSize(): never {
  throw new ArgumentError(
    "without --size only the infinite square lattice with one J above 0 and no field has exact values",
  );
}

async function infiniteSquare(temperature: number, J: number): Promise<object> {
  const { onsager } = await import("@basin/ising");
  return {
    criticalTemperature: J * onsager.criticalTemperature,
    magnetization: onsager.magnetization(temperature / J),
    energyPerSite: J * onsager.energy(temperature / J),
    specificHeat: onsager.specificHeat(temperature / J),
  };
}

/** Kaufman's torus where it applies, whatever its size; transfer matrices for the rest. */
async function finite(
  model: Lattice,
  temperature: number,
  plain: boolean,
  infinite: boolean,
): Promise<object> {
  const { kaufman, transferMatrix } = await import("@basin/ising");
  if (plain && model.boundary === "periodic") {
    const [rows, columns] = model.shape;
    const J = Number(model.coupling);
    const { energyPerSite, ...torus } = kaufman(rows, columns, temperature / J);
    return { torus: { rows, columns, ...torus, energyPerSite: J * energyPerSite } };
  }
  return { strip: { shape: model.shape, ...transferMatrix(model, { temperature, infinite }) } };
}
