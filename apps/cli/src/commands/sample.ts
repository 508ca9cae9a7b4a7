import type { Energy } from "@basin/energy-core";
import type { SampleProgress, StateArray } from "@basin/samplers";
import { samplerNames } from "@basin/samplers/names";
import { command } from "../command.ts";
import { drawPlaces, writeDraws } from "../draws/files.ts";
import { htmlSettings, writeHtml } from "../draws/html.ts";
import { summaryLines, summaryOf } from "../draws/summary.ts";
import { checkMemory } from "../options/cost.ts";
import { integer, jsonObject, number } from "../options/readers.ts";
import { choice, kept, seed, text, value, word, workers } from "../options/settings.ts";
import { sampleUntil } from "../options/until.ts";

export default command({
  options: {
    module: word(
      "<module>",
      "a TypeScript or JavaScript module that exports an energy, or a function that returns one, and optionally `names`",
    ),
    kernel: choice("how states are moved", samplerNames.kernel, "nuts"),
    kernelOptions: value<object>("<json>", 'options of the kernel, as {"metric":"dense"}', jsonObject, {}),
    chains: value("<integer>", "independent chains", integer(1, 10_000), 4),
    warmup: value(
      "<integer>",
      "steps of tuning before the draws (default: 400 or 1000, by the kernel)",
      integer(0, 1e9),
    ),
    draws: value(
      "<integer>",
      "draws a chain (default: 1000); with --until those before the first look (default: 100)",
      integer(4, 1e9),
    ),
    until: sampleUntil(
      "draw until goals are met, one or several of ess-bulk=400, ess-tail=400, r-hat=1.01, max-draws=100000, time=60s; separate them by commas",
    ),
    initial: choice("where chains start (default: random states): by Pathfinder, near modes", ["pathfinder"]),
    thin: value("<integer>", "steps from one draw to the next", integer(1, 1e9), 1),
    temperature: value("<T>", "T of exp(-E/T)", number({ above: 0 }), 1),
    export: text("<name>", "name under which the module exports the energy", "default"),
    workers,
    ...kept,
    out: {
      ...text(
        "<file>",
        "write the draws: .csv (one file for each chain, out_1.csv …, as in CmdStan), .json or .zarr (ArviZ)",
      ),
      writes: (path: string, { chains }: Readonly<Record<string, unknown>>) =>
        drawPlaces(path, chains as number),
    },
    ...htmlSettings,
    seed,
  },
  async run(options, context) {
    const {
      module,
      out,
      html,
      quantities,
      checkpoint: path,
      resume: _,
      checkpointEvery: _every,
      ...plan
    } = options;
    const { chains } = options;
    const count = options.until?.maxDraws ?? options.draws ?? 1000;
    const { sampleModule } = await import("@basin/samplers");
    const { loadEnergy } = await import("@basin/samplers/internal");
    const { moduleThread, moduleUrl } = await import("../modules/user-module.ts");
    const energy = moduleUrl(module);
    const { space } = await loadEnergy(energy, options.export);
    checkMemory({
      what: `${chains} chains of ${count} draws of ${space.dimension} numbers`,
      ...heldByDraws(space, chains * count),
      remedy: `lower ${options.until?.maxDraws === undefined ? "--draws" : "max-draws of --until"} or --chains`,
    });
    const update = context.progress(options.kernel);
    const { kept, signal } = context;
    const onProgress = (now: SampleProgress) => update(now, noteOf(now));
    const draws = await sampleModule(energy, {
      ...plan,
      ...kept,
      ...{ signal, onProgress, createWorker: moduleThread },
    }).catch(async (error) => {
      throw await withRemedy(error, path);
    });
    if (out !== undefined) await writeDraws(out, draws, context);
    const found = await summaryOf(draws, context);
    await writeHtml(draws, found, { html, quantities }, context);
    return { ...found, stopped: draws.stopped };
  },
  print: (found, { seed }) => [
    ...summaryLines(found, ` by ${found.kernel}, seed ${seed}`),
    ...(found.stopped
      ? ["", `Stopped after ${found.stopped.looks} looks: ${REASONS[found.stopped.reason]}.`]
      : []),
  ],
});

/**
 * Number of statistics of a draw that every kernel keeps: its energy, acceptance probability, and whether it diverged.
 */
const STATISTICS = 3;

/** Returns the memory of draws: reals take 8 bytes each, spins and labels one. */
function heldByDraws({ dimension, logCount }: Energy<StateArray>["space"], draws: number) {
  return logCount === Number.POSITIVE_INFINITY
    ? { numbers: (dimension + STATISTICS) * draws }
    : { numbers: STATISTICS * draws, bytes: dimension * draws };
}

const REASONS = {
  reached: "all that was asked is reached",
  maxDraws: "the greatest number of draws",
  timeLimit: "the time was up",
};

/** Adds the fate of the other chains to the error of a chain that failed. */
async function withRemedy(error: unknown, checkpoint: string | undefined): Promise<unknown> {
  const { BasinError } = await import("@basin/energy-core");
  const { PoolError } = await import("@basin/energy-core/run");
  if (!(error instanceof PoolError)) return error;
  const done = error.results.filter((result) => result !== undefined).length;
  const kept =
    checkpoint === undefined
      ? "nothing is kept without --checkpoint"
      : `they are kept in ${checkpoint}, and the same command with --resume runs the rest`;
  const message = `${error.message} (${done} of ${error.results.length} chains were finished; ${kept})`;
  return new BasinError(message, { cause: error });
}

function noteOf({ chains }: SampleProgress): string {
  const divergences = chains.reduce((sum, chain) => sum + chain.divergences, 0);
  const running = chains.filter(({ acceptanceProbability }) => Number.isFinite(acceptanceProbability));
  const acceptance = running.reduce((sum, chain) => sum + chain.acceptanceProbability, 0) / running.length;
  return running.length === 0 ? "" : `acceptance ${acceptance.toFixed(2)}, ${divergences} divergences`;
}
