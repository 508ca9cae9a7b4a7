import type { Progress as Done } from "@basin/energy-core/run";
import { type Options, Presets, SingleBar } from "cli-progress";

/** A bar on stderr with an estimate of the time left; on a pipe, a line now and then. */
export interface Bar {
  /** Shows that `done` of `total` is done, with a short note beside it: the figures that every `onProgress` is told. */
  update(progress: Done, note?: string): void;
  /** Removes the bar. Safe to call twice. */
  stop(): void;
}

const LINES_ON_A_PIPE_MS = 10_000;

/** Starts a progress display named `title`. Nothing is ever written to stdout. */
export function startProgress(title: string): Bar {
  return process.stderr.isTTY ? bar(title) : lines(title);
}

function bar(title: string): Bar {
  const options: Options = {
    format: `${title} {bar} {percentage}%  {eta_formatted} left  {note}`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
  };
  const display = new SingleBar(options, Presets.shades_classic);
  display.start(1, 0, { note: "" });
  return {
    update: ({ done, total }, note = "") => display.update(done / total, { note }),
    stop: () => display.stop(),
  };
}

function lines(title: string): Bar {
  const started = Date.now();
  let shown = started;
  return {
    update({ done, total }, note = "") {
      if (Date.now() - shown < LINES_ON_A_PIPE_MS) return;
      shown = Date.now();
      const left =
        done > 0 ? `, ${Math.ceil(((shown - started) * (total - done)) / done / 1000)} s left` : "";
      process.stderr.write(`${title}: ${Math.floor((100 * done) / total)} %${left}  ${note}\n`);
    },
    stop() {},
  };
}
