import { command } from "../../command.ts";
import { word } from "../../options/settings.ts";
import { failureLine, shard, sweepFolder } from "../../sweep/options.ts";

export default command({
  options: { study: word("<study>", "the study's file"), out: sweepFolder, shard },
  async run(options) {
    const { statusOf } = await import("../../sweep/status.ts");
    return statusOf(options);
  },
  print: ({ tasks, done, failures, edited }) => [
    ...failures.map(failureLine),
    `${done} of ${tasks} tasks are done, ${failures.length} failed, ${tasks - done - failures.length} wait or run`,
    ...(edited ? ["the study was edited since the sweep last ran"] : []),
  ],
});
