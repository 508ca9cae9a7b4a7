import { command } from "../command.ts";
import { integer } from "../options/readers.ts";
import { text, value } from "../options/settings.ts";
import { queueSettings } from "../sweep/queue/options.ts";

export default command({
  options: {
    ...queueSettings,
    concurrency: value("<integer>", "tasks at a time, a thread each", integer(1, 1024), 1),
    folder: text("<folder>", "where the inputs of tasks lie", "."),
    modules: text("<folder>", "where modules lie that tasks may run (default: they may run none)"),
  },
  help: `Examples:
  BASIN_QUEUE=redis://queue.local basin worker --concurrency 8
  basin worker --queue-file /run/secrets/queue --files /shared/sweeps

It runs until it is interrupted, and then ends the tasks that it has begun.`,
  async run(options, context) {
    const { work } = await import("../sweep/queue/work.ts");
    return work(options, context);
  },
  print: () => [],
});
