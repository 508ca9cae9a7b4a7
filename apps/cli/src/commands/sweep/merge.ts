import { command } from "../../command.ts";
import { word } from "../../options/settings.ts";
import { sweepFolder, sweepLines } from "../../sweep/options.ts";

export default command({
  options: {
    study: word("<study>", "the study's file"),
    folders: word("<folders...>", "the folders of its parts"),
    out: sweepFolder,
  },
  async run(options, context) {
    const { merge } = await import("../../sweep/merge.ts");
    return merge(options, context);
  },
  print: sweepLines,
});
