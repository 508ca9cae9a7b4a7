import { command } from "../command.ts";
import { flag, seed, text } from "../options/settings.ts";

export default command({
  options: {
    quick: flag("the same tour in under a minute"),
    out: text("<folder>", "where the report goes", "basin-tour"),
    seed: { ...seed, summary: "seed of all randomness", byDefault: 1 },
  },
  async run(options, context) {
    const { tour } = await import("../tour/tour.ts");
    return tour(options, context);
  },
  print: () => [],
});
