import type { Lattice } from "@basin/ising";
import { InvalidArgumentError } from "commander";
import { command, type Values } from "../../command.ts";
import { buildLattice, magnet, side } from "../../options/lattice.ts";
import { temperature } from "../../options/readers.ts";
import { flag, onlyWith, required, value } from "../../options/settings.ts";

const options = {
  size: side,
  ...magnet,
  temperature: required(value("<T>", "temperature in units of k_B", temperature)),
  infinite: onlyWith("size", flag("repeat the rows of a strip or chain infinitely")),
};

export default command({
  options,
  help: "Sources: Onsager and Yang for the infinite square lattice, Kaufman for its tori, transfer matrices for chains and strips.",
  async run(options) {
    const { size, temperature, infinite } = options;
    const model = size === undefined ? undefined : await buildLattice(options, size);
    const plain = isPlain(options) && !infinite;
    if (model === undefined && !(plain && options.boundary === "periodic"))
      throw new InvalidArgumentError(
        "without --size only the infinite square lattice with one J above 0 and no field has exact values",
      );
    return {
      ...(plain &&
        options.boundary === "periodic" && {
          infinite: await infiniteSquare(temperature, Number(options.coupling)),
        }),
      ...(model && (await finite(model, temperature, plain, infinite))),
    };
  },
  print: (found, { size, temperature }) =>
    Object.entries(found).flatMap(([title, values]) => [
      `${title === "infinite" ? "infinite lattice" : `${title} ${size}`}, T = ${temperature}`,
      ...Object.entries(values).map(([name, figure]) => `  ${name.padEnd(22)} ${figure}`),
    ]),
});

/** Whether a lattice is a ferromagnet with one J and no field. */
function isPlain({ lattice, coupling, field, disorder }: Values<typeof options>): boolean {
  return (
    lattice === "square" && typeof coupling === "number" && coupling > 0 && field === 0 && disorder === "none"
  );
}

async function infiniteSquare(temperature: number, J: number) {
  const { onsager } = await import("@basin/ising");
  return {
    criticalTemperature: J * onsager.criticalTemperature,
    magnetization: onsager.magnetization(temperature / J),
    energyPerSite: J * onsager.energy(temperature / J),
    specificHeat: onsager.specificHeat(temperature / J),
  };
}

/** Kaufman's solution of the torus if it applies, for every size; transfer matrices otherwise. */
async function finite(model: Lattice, temperature: number, plain: boolean, infinite: boolean) {
  const { kaufman, transferMatrix } = await import("@basin/ising");
  if (plain && model.boundary === "periodic") {
    const [rows, columns] = model.shape;
    const J = Number(model.coupling);
    const { energyPerSite, ...torus } = kaufman(rows, columns, temperature / J);
    return { torus: { rows, columns, ...torus, energyPerSite: J * energyPerSite } };
  }
  return { strip: { shape: model.shape, ...transferMatrix(model, { temperature, infinite }) } };
}
