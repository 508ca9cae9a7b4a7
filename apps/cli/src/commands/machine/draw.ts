import { ArgumentError, complete } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { ClassMachine, drawRbm, type RestrictedBoltzmannMachine } from "@basin/ising/learn";
import { heatBath } from "@basin/samplers";
import { resolveSeed } from "../../options.ts";
import { printJson, writeWhole } from "../../output.ts";
import { contactSheet, encodeGray, type GrayPicture, valuePicture } from "../../pictures.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { parseCorruption } from "../hopfield/corruption.ts";
import { statePicture } from "../hopfield/patterns.ts";
import { loadImages } from "./data.ts";
import { readModel } from "./model.ts";

/** The options of `draw`. */
export interface DrawOptions {
  what: "samples" | "filters" | "completions";
  count: number;
  steps?: number;
  data: string;
  mask: string;
  png?: string;
  seed?: number;
  json: boolean;
}

const COLUMNS = 10;

interface Drawn {
  readonly pictures: readonly GrayPicture[];
  readonly columns: number;
  readonly figures: Record<string, unknown>;
}

/** Draws what was asked for out of a model file. */
export async function drawAction(model: string, options: DrawOptions): Promise<void> {
  const seed = resolveSeed(options.seed);
  const { machine, notes } = readModel(model);
  const width = typeof notes.width === "number" ? notes.width : machine.visible;
  const draw = { samples, filters, completions }[options.what];
  const { pictures, columns, figures } = await draw(machine, width, options, seed);
  if (options.png) writeWhole(options.png, encodeGray(contactSheet(pictures, columns)));
  const report = { model, what: options.what, seed, ...figures, ...(options.png && { png: options.png }) };
  if (options.json) printJson(report);
  else {
    const shown = Object.entries(figures).filter(([, value]) => typeof value !== "object");
    const text = shown.map(([name, value]) => `${name} ${value}`).join(", ");
    process.stdout.write(
      `${options.what} of ${model}: ${text}, seed ${seed}${options.png ? `; ${options.png}` : ""}\n`,
    );
  }
}

type Machine = RestrictedBoltzmannMachine | ClassMachine;

async function samples(machine: Machine, width: number, options: DrawOptions, seed: number): Promise<Drawn> {
  const { count, steps = 1000 } = options;
  const bar = startProgress("draw");
  const draws = await drawRbm(machine, {
    seed,
    count,
    steps,
    signal: interruptSignal(),
    onProgress: bar.update,
  }).finally(() => bar.stop());
  return {
    pictures: draws.means.map((mean) => valuePicture(mean, width)),
    columns: Math.min(COLUMNS, count),
    figures: {
      count,
      steps,
      states: draws.states,
      ...(draws.labels && { labels: draws.labels }),
    },
  };
}

/** The weights of each hidden unit, white where a pixel turns it on. */
async function filters(machine: Machine, width: number, { count }: DrawOptions): Promise<Drawn> {
  const whole = machine instanceof ClassMachine ? machine.machine : machine;
  const shown = Math.min(count, whole.hidden);
  const pictures = Array.from({ length: shown }, (_, j) => {
    const weights = Float64Array.from(
      { length: machine.visible },
      (_, i) => whole.weights[i * whole.hidden + j],
    );
    const reach = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-12);
    return valuePicture(weights, width, -reach, reach);
  });
  return { pictures, columns: Math.min(2 * COLUMNS, shown), figures: { hidden: whole.hidden, shown } };
}

/** Originals, what is known of them, and completions drawn by heat-bath sweeps over the unknown units alone. */
async function completions(
  machine: Machine,
  width: number,
  options: DrawOptions,
  seed: number,
): Promise<Drawn> {
  if (machine instanceof ClassMachine)
    throw new ArgumentError("completions are drawn from machines without labels");
  const count = Math.min(options.count, 2 * COLUMNS);
  const { values } = await loadImages(options.data, undefined, count);
  if (values.shape[1] !== machine.visible) {
    throw new ArgumentError(
      `${options.data} has ${values.shape[1]} units a state, the machine ${machine.visible}`,
    );
  }
  const { known } = parseCorruption(options.mask, width, machine.visible);
  if (known === undefined)
    throw new ArgumentError(`${options.mask} leaves nothing to complete; use mask: or crop:`);
  const rng = createRng(seed);
  const originals = Array.from({ length: count }, (_, k) =>
    Int8Array.from(values.data.subarray(k * machine.visible, (k + 1) * machine.visible), (p) =>
      p > 0.5 ? 1 : -1,
    ),
  );
  const bar = startProgress("complete");
  const completed = originals.map((state, k) => {
    bar.update({ done: k, total: count });
    const probe = state.map((spin, i) => (known[i] ? spin : -1));
    const sweeps = options.steps ?? 100;
    return complete(machine, probe, { known, kernel: heatBath(), steps: sweeps, seed: rng.split(k).uint32() })
      .state;
  });
  bar.stop();
  const unknown = known.filter((is) => !is).length;
  const right = completed.map(
    (state, k) =>
      state.reduce((sum, spin, i) => sum + Number(!known[i] && spin === originals[k][i]), 0) / unknown,
  );
  return {
    pictures: [
      ...originals.map((state) => statePicture(state, width)),
      ...originals.map((state) => statePicture(state, width, known)),
      ...completed.map((state) => statePicture(state, width)),
    ],
    columns: count,
    figures: { count, unknown, agreement: right.reduce((sum, share) => sum + share, 0) / count },
  };
}
