import { command } from "../../command.ts";
import { buildMemory, memory as memoryOptions } from "../../options/memory.ts";
import { integer, number } from "../../options/readers.ts";
import { kept, png, seed, value, workers } from "../../options/settings.ts";
import { withError } from "../../output.ts";

const SHOWN = 20;

export default command({
  options: {
    ...memoryOptions,
    starts: value("<integer>", "random states to start from", integer(1, 1e7), 1000),
    tolerance: value("<share>", "share of the neurons that may differ", number({ min: 0, max: 0.49 }), 0),
    png: png(`the ${SHOWN} states reached most often`),
    workers,
    ...kept,
    seed,
  },
  async run(options, context) {
    const { memory, patterns, source, binarization, shape } = await buildMemory(options);
    const { census } = await import("@basin/hopfield");
    const { starts, tolerance, workers, seed } = options;
    const { shares, attractors, unsettled } = await census(memory, {
      ...{ starts, tolerance, seed, workers, ...context.kept, signal: context.signal },
      onProgress: context.progress("random starts"),
    });
    const shown = attractors.slice(0, SHOWN);
    if (options.png !== undefined) {
      const { contactSheet, encodeGray, statePicture } = await import("../../pictures.ts");
      const pictures = shown.map(({ state }) => statePicture(state, shape[1]));
      await context.write(options.png, encodeGray(contactSheet(pictures, Math.min(10, pictures.length))));
    }
    const [count, neurons] = patterns.shape;
    return {
      ...{ source, binarization, patterns: count, neurons, shares, unsettled, distinct: attractors.length },
      attractors: shown.map(({ state: _state, ...figures }) => figures),
    };
  },
  print: ({ source, patterns, neurons, shares, distinct }, { rule, starts, seed }) => [
    `${rule}: ${patterns} patterns of ${neurons} neurons (${source}), ${starts} random starts, seed ${seed}`,
    ...Object.entries(shares).map(([kind, share]) => `${kind.padEnd(10)} ${withError(share)}`),
    `${distinct} different states`,
  ],
});
