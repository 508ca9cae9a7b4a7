import type { HiddenPart } from "@basin/energy-core/data";
import type { ClassMachine, RestrictedBoltzmannMachine } from "@basin/ising/learn";
import { InvalidArgumentError } from "commander";
import { command, type Setting, type Values } from "../../command.ts";
import type { Context } from "../../context.ts";
import { integer } from "../../options/readers.ts";
import { choice, mask, png, seed, text, unless, value, word } from "../../options/settings.ts";
import type { GrayPicture } from "../../pictures.ts";

const ofCompletions = <T>(setting: Setting<T>) =>
  unless(setting, ({ what }) => (what === "completions" ? undefined : "it goes with --what completions"));

const options = {
  model: word("<model>", "the model file"),
  what: choice("what to draw", ["samples", "filters", "completions"], "samples"),
  count: value("<integer>", "how many", integer(1, 10_000), 100),
  steps: unless(
    value(
      "<integer>",
      "Gibbs steps from noise to a sample (default: 1000), or sweeps of a completion (default: 100)",
      integer(1, 1e7),
    ),
    ({ what }) => (what === "filters" ? "filters are not drawn at random" : undefined),
  ),
  data: ofCompletions(text("<what>", "images to complete: mnist, mnist-test or a file", "mnist-test")),
  mask: ofCompletions(mask("what is unknown", "lower")),
  png: png("what is drawn"),
  seed,
};

type Options = Values<typeof options>;
type Machine = RestrictedBoltzmannMachine | ClassMachine;

/** Pictures with their figures. */
interface Drawn {
  readonly pictures: readonly GrayPicture[];
  readonly columns: number;
  readonly figures: Figures;
}

type Figures =
  | {
      readonly count: number;
      readonly steps: number;
      readonly states: readonly Int8Array[];
      readonly labels?: ArrayLike<number>;
    }
  | { readonly hidden: number; readonly shown: number }
  | { readonly count: number; readonly unknown: number; readonly agreement: number };

const COLUMNS = 10;

export default command({
  options,
  async run(options, context) {
    const { readModel } = await import("../../options/machine.ts");
    const { contactSheet, encodeGray } = await import("../../pictures.ts");
    const { machine, notes } = readModel(options.model);
    const width = typeof notes.width === "number" ? notes.width : machine.visible;
    const { pictures, columns, figures } = await WHAT[options.what](machine, width, options, context);
    if (options.png !== undefined)
      await context.write(options.png, encodeGray(contactSheet(pictures, columns)));
    return figures;
  },
  print(figures, { what, model, seed }) {
    const shown = Object.entries(figures).filter(([, value]) => typeof value !== "object");
    return [
      `${what} of ${model}: ${shown.map(([name, value]) => `${name} ${value}`).join(", ")}, seed ${seed}`,
    ];
  },
});

type Draw = (machine: Machine, width: number, options: Options, context: Context) => Promise<Drawn>;

const samples: Draw = async (machine, width, { count, steps = 1000, seed }, context) => {
  const { drawRbm } = await import("@basin/ising/learn");
  const { valuePicture } = await import("../../pictures.ts");
  const onProgress = context.progress("draw");
  const draws = await drawRbm(machine, { seed, count, steps, signal: context.signal, onProgress });
  return {
    pictures: draws.means.map((mean) => valuePicture(mean, width)),
    columns: Math.min(COLUMNS, count),
    figures: { count, steps, states: draws.states, labels: draws.labels },
  };
};

/** The weights of each hidden unit; a pixel is white if it turns the unit on. */
const filters: Draw = async (machine, width, { count }) => {
  const { valuePicture } = await import("../../pictures.ts");
  const { hidden, weights } = machine.machine;
  const shown = Math.min(count, hidden);
  const pictures = Array.from({ length: shown }, (_, j) => {
    const own = Float64Array.from({ length: machine.visible }, (_, i) => weights[i * hidden + j]);
    const reach = own.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-12);
    return valuePicture(own, width, -reach, reach);
  });
  return { pictures, columns: Math.min(2 * COLUMNS, shown), figures: { hidden, shown } };
};

/** Originals, their known parts, and completions drawn by heat-bath sweeps over only the unknown units. */
const completions: Draw = async (machine, width, options, context) => {
  const { complete } = await import("@basin/energy-core");
  const { imageMask } = await import("@basin/energy-core/data");
  const { createRng } = await import("@basin/energy-core/random");
  const { ClassMachine } = await import("@basin/ising/learn");
  const { heatBath } = await import("@basin/samplers");
  const { loadStates } = await import("../../options/machine.ts");
  const { statePicture } = await import("../../pictures.ts");
  if (machine instanceof ClassMachine)
    throw new InvalidArgumentError("completions are drawn from machines without labels");
  const { data, mask, seed, steps = 100 } = options;
  const { values } = await loadStates(data, undefined, Math.min(options.count, 2 * COLUMNS));
  const [count, units] = values.shape;
  const { visible } = machine;
  if (units !== visible)
    throw new InvalidArgumentError(`${data} has ${units} units a state, the machine ${visible}`);
  const known = imageMask([visible / width, width], mask as HiddenPart);
  const rng = createRng(seed);
  const originals = Array.from({ length: count }, (_, k) =>
    Int8Array.from(values.data.subarray(k * visible, (k + 1) * visible), (p) => (p > 0.5 ? 1 : -1)),
  );
  const update = context.progress("complete");
  const completed: Int8Array[] = [];
  for (const [k, original] of originals.entries()) {
    const probe = original.map((spin, i) => (known[i] ? spin : -1));
    const drawing = { known, kernel: heatBath(), steps, seed: rng.split(k).uint32() };
    completed.push(complete(machine, probe, drawing).state);
    update({ done: k + 1, total: count });
    await context.breathe();
  }
  const unknown = known.filter((is) => !is).length;
  const right = completed.map((state, k) =>
    state.reduce((sum, spin, i) => sum + Number(!known[i] && spin === originals[k][i]), 0),
  );
  return {
    pictures: [
      ...originals.map((state) => statePicture(state, width)),
      ...originals.map((state) => statePicture(state, width, known)),
      ...completed.map((state) => statePicture(state, width)),
    ],
    columns: count,
    figures: { count, unknown, agreement: right.reduce((a, b) => a + b, 0) / (unknown * count) },
  };
};

const WHAT: Readonly<Record<Options["what"], Draw>> = { samples, filters, completions };
