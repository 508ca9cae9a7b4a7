import { command } from "../../command.ts";
import { word } from "../../options/settings.ts";
import { failureLine, knownSweep, shard } from "../../sweep/options.ts";
import { queueSettings } from "../../sweep/queue/options.ts";

export default command({
  options: { study: word("<study>", "the study's file"), out: knownSweep, shard, ...queueSettings },
  async run(options) {
    const { statusOf } = await import("../../sweep/status.ts");
    return statusOf(options);
  },
  print: ({ tasks, done, failures, edited, queue }) => [
    ...failures.map(failureLine),
    `${done} of ${tasks} tasks are done, ${failures.length} failed, ${tasks - done - failures.length} wait or run`,
    ...(queue
      ? [
          `in the queue: ${queue.waiting} wait, ${queue.running} run, ${queue.failed} failed, ` +
            `${queue.results} results wait to be collected; ${queue.workers} workers are connected`,
        ]
      : []),
    ...(edited ? ["the study was edited since the sweep last ran"] : []),
  ],
});
