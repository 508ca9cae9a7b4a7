import type { MemoryName } from "@basin/hopfield";
import { command } from "../../command.ts";
import { RULES } from "../../options/memory.ts";
import { distinct, integer, numberList } from "../../options/readers.ts";
import { kept, names, plot, seed, value, workers } from "../../options/settings.ts";
import { table, withError } from "../../output.ts";

const LOADS = [0.05, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2];

export default command({
  options: {
    neurons: value("<integer>", "neurons N", integer(2, 16_384), 500),
    rules: names(RULES, ["hebbian"]),
    loads: value(
      "<list>",
      "loads, as 0.1,0.14 or 0.02:0.3:0.02",
      distinct(numberList({ above: 0, max: 10 })),
      LOADS,
    ),
    noises: value(
      "<list>",
      "shares of flipped bits in the probes",
      distinct(numberList({ min: 0, max: 1 })),
      [0],
    ),
    networks: value("<integer>", "networks a load", integer(1, 1e6), 10),
    probes: value("<integer>", "patterns recalled in each network", integer(1, 1e6), 10),
    plot: plot("the curves; with several noises and loads, the retrieval map over both"),
    workers,
    ...kept,
    seed,
  },
  async run({ neurons, loads, noises, networks, probes, workers, seed, ...options }, context) {
    const { breakdownLoad, capacity } = await import("@basin/hopfield");
    const rules = options.rules as readonly MemoryName[];
    const result = await capacity({
      ...{ neurons, rules, loads, noises, networks, probes, seed, workers },
      ...{ ...context.kept, signal: context.signal },
      onProgress: context.progress("capacity"),
    });
    const plain = result.curve.filter(({ noise }) => noise === noises[0]);
    const breakdown = Object.fromEntries(rules.map((rule) => [rule, breakdownLoad(plain, rule) ?? null]));
    await context.plot(options.plot, async () => {
      const { drawCapacity } = await import("../../charts/capacity.ts");
      return drawCapacity(result.curve);
    });
    return { ...result, breakdown };
  },
  print: ({ curve, breakdown }, { seed }) => [
    ...table(
      curve.map(({ rule, load, noise, overlap, exactRecall, theory }) => [
        ...[rule, load.toFixed(3), String(noise), withError(overlap), exactRecall.mean.toFixed(2)],
        theory?.toFixed(4) ?? "",
      ]),
      ["rule", "load", "noise", "overlap", "exact", "theory"],
    ),
    ...Object.entries(breakdown).map(
      ([rule, load]) =>
        `${rule}: overlap falls below 0.7 ${load === null ? "nowhere here" : `at load ${load.toFixed(3)}`}`,
    ),
    `seed ${seed}`,
  ],
});
