import { isingNames } from "@basin/ising/names";
import { command } from "../../command.ts";
import { algorithm, buildLattice, magnet } from "../../options/lattice.ts";
import { integer, sides, temperature } from "../../options/readers.ts";
import { choice, png, required, seed, value } from "../../options/settings.ts";

const SLICES = 100;

export default command({
  options: {
    size: value<number | number[]>("<L or LxM>", "side, or sides such as 64x32", sides, 512),
    ...magnet,
    temperature: required(value("<T>", "temperature in units of J", temperature)),
    png: required(png("a pixel a spin")),
    algorithm,
    sweeps: value("<integer>", "sweeps before the picture", integer(0, 1e9), 1000),
    start: choice("first spins", isingNames.start, "random"),
    seed,
  },
  async run(options, context) {
    const { temperature, algorithm, start, sweeps, seed } = options;
    const { createLattice } = await import("@basin/ising");
    const { encodeGray, spinPicture } = await import("../../pictures.ts");
    const model = await buildLattice(options, options.size);
    const live = await createLattice(model, { algorithm, start, seed });
    const update = context.progress("snapshot");
    for (let slice = 1; slice <= SLICES; slice++) {
      live.sweep(Math.round((sweeps * slice) / SLICES) - live.sweeps, { temperature });
      update({ done: live.sweeps, total: sweeps });
      await context.breathe();
    }
    await context.write(
      options.png,
      encodeGray(spinPicture(live.spins(), model.shape[model.shape.length - 1])),
    );
    return {
      energyPerSite: live.energy / model.variables,
      magnetization: live.magnetization / model.variables,
    };
  },
  print: ({ energyPerSite, magnetization }, { temperature, sweeps, seed }) => [
    `T = ${temperature} after ${sweeps} sweeps, seed ${seed}; ` +
      `energy ${energyPerSite.toFixed(5)} and magnetization ${magnetization.toFixed(5)} per spin`,
  ],
});
