import { InvalidArgumentError } from "commander";
import { command } from "../../command.ts";
import { buildMemory, memory as memoryOptions } from "../../options/memory.ts";
import { distinct, integer, numberList } from "../../options/readers.ts";
import { plot, seed, value, workers } from "../../options/settings.ts";

export default command({
  options: {
    ...memoryOptions,
    pair: value(
      "<a,b>",
      "indices of the two patterns",
      distinct(numberList({ min: 0, integer: true })),
      [0, 1],
    ),
    resolution: value("<integer>", "points along each axis, an odd number", integer(3, 1001), 61),
    samples: value("<integer>", "states averaged at each point", integer(1, 10_000), 8),
    plot: plot("the energy over the plane; what lies outside its square is drawn like the highest"),
    workers,
    seed,
  },
  async run(options, context) {
    const { row } = await import("@basin/energy-core");
    const { patternLandscape } = await import("@basin/hopfield");
    const { memory, patterns, source, binarization } = await buildMemory(options);
    const { pair, resolution, samples, workers, seed } = options;
    const [count] = patterns.shape;
    if (pair.length !== 2 || pair.some((index) => index >= count))
      throw new InvalidArgumentError(
        `--pair is ${pair.join(",")}, expected two indices below ${count}, the number of patterns`,
      );
    const [a, b] = pair.map((mu) => row(patterns, mu));
    const plan = { resolution, samples, seed, workers };
    const { axis, energy, standardError } = await patternLandscape(memory, a, b, plan);
    const inside = energy.data.filter((value) => !Number.isNaN(value));
    const lowest = inside.reduce((x, y) => Math.min(x, y), Number.POSITIVE_INFINITY);
    const highest = inside.reduce((x, y) => Math.max(x, y), Number.NEGATIVE_INFINITY);
    await context.plot(options.plot, async () => {
      const { heatChart } = await import("../../charts/heat.ts");
      const values = energy.data.map((value) => (Number.isNaN(value) ? highest : value));
      const ends = [axis[0], axis[axis.length - 1]] as const;
      return heatChart(values, resolution, {
        title: `Energy between patterns ${pair.join(" and ")}`,
        x: { label: `coordinate along pattern ${pair[0]}`, domain: ends },
        // The first row is at the top.
        y: { label: `coordinate along pattern ${pair[1]}`, domain: [ends[1], ends[0]] },
        ...{ value: "energy", low: lowest, high: highest },
      });
    });
    const table = (values: typeof energy) => Array.from(axis, (_, r) => row(values, r));
    const energyOfPatterns = [a, b].map((pattern) => memory.energy(pattern));
    return {
      ...{ source, binarization, patterns: count, lowest, highest, energyOfPatterns, axis },
      ...{ energy: table(energy), standardError: table(standardError) },
    };
  },
  print: ({ source, patterns, lowest, highest, energyOfPatterns }, { rule, pair, seed }) => [
    `${rule}: patterns ${pair.join(" and ")} of ${patterns} (${source}), seed ${seed}`,
    `energy of the patterns  ${energyOfPatterns.map((value) => value.toPrecision(6)).join(", ")}`,
    `over the plane          ${lowest.toPrecision(6)} … ${highest.toPrecision(6)}`,
  ],
});
