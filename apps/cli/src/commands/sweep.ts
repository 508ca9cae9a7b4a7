import { command } from "../command.ts";
import { integer } from "../options/readers.ts";
import { flag, value, word, workers } from "../options/settings.ts";
import { shard, sweepFolder, sweepLines } from "../sweep/options.ts";
import { queueSettings } from "../sweep/queue/options.ts";

export default command({
  options: {
    study: word(
      "<study>",
      "a YAML or JSON file: a command, its options, a grid or a list of them, seeds and repeats",
    ),
    out: sweepFolder,
    workers,
    retries: value("<integer>", "further attempts of a task that failed by accident", integer(0, 100), 2),
    stopOnFailure: flag("begin no task after one has failed for good"),
    shard,
    ...queueSettings,
    large: flag("allow more than 100000 tasks"),
    dry: flag("count and check the tasks, and run none"),
  },
  help: `Example of a study:
  command: ising simulate
  options: { size: 32, sweeps: 2000 }
  grid: { temperature: [2.0, 2.2, 2.4], algorithm: [wolff, metropolis] }
  seed: 1
  repeats: 4

The results are kept in sweep.sqlite in the folder of the sweep. The same command goes on with them, also after the study was edited.`,
  async run(options, context) {
    const { sweep } = await import("../sweep/sweep.ts");
    return sweep(options, context);
  },
  print: sweepLines,
});
