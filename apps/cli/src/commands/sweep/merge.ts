import { command } from "../../command.ts";
import { word } from "../../options/settings.ts";
import { sweepFolder, sweepLines } from "../../sweep/options.ts";

export default command({
  options: {
    study: word("<study>", "the study's file"),
    folders: word("<folders...>", "the folders of its parts"),
    out: sweepFolder,
  },
  help: "Example:\n  basin sweep merge study.yaml study.*-of-4.sweep",
  async run(options, context) {
    const { merge } = await import("../../sweep/merge.ts");
    return merge(options, context);
  },
  print: sweepLines,
});
