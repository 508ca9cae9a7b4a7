import { command, type Setting } from "../command.ts";
import { flag, output, seed } from "../options/settings.ts";

export default command({
  options: {
    quick: flag("the same tour in under a minute"),
    out: {
      ...output("<folder>", "where the report goes", "folder"),
      byDefault: "basin-tour",
    } as Setting<string>,
    seed: { ...seed, summary: "seed of all randomness", byDefault: 1 },
  },
  async run(options, context) {
    const { tour } = await import("../tour/tour.ts");
    return tour(options, context);
  },
  print: () => [],
});
