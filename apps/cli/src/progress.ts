import type { Progress } from "@basin/energy-core/run";
import { type Options, Presets, SingleBar } from "cli-progress";
import { significant } from "./output.ts";

/** A bar on stderr with an estimate of the remaining time; on a pipe, a line from time to time. */
export interface Bar {
  /** Shows `done` of `total`, with a short note. These are the figures of every `onProgress`. */
  update(progress: Progress, note?: string): void;
  /** Removes the bar. Safe to call twice. */
  stop(): void;
}

const LINES_ON_A_PIPE_MS = 5000;

/** Returns the speed of steps if they are counted; undefined if `done` is a share. */
function rateOf({ done, total }: Progress, started: number): string {
  const seconds = (Date.now() - started) / 1000;
  return total > 1 && done > 0 && seconds > 0 ? `${significant(done / seconds, 3)}/s` : "";
}

/** Starts a progress display named `title`. Nothing is ever written to stdout. */
export function startProgress(title: string): Bar {
  return process.stderr.isTTY ? bar(title) : lines(title);
}

function bar(title: string): Bar {
  const options: Options = {
    format: `${title} {bar} {percentage}%  {eta_formatted} left  {rate}  {note}`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 50,
  };
  const display = new SingleBar(options, Presets.shades_classic);
  const started = Date.now();
  display.start(1, 0, { note: "", rate: "" });
  return {
    update: (progress, note = "") =>
      display.update(progress.done / progress.total, { note, rate: rateOf(progress, started) }),
    stop: () => display.stop(),
  };
}

function lines(title: string): Bar {
  const started = Date.now();
  let shown = started;
  return {
    update(progress, note = "") {
      const { done, total } = progress;
      if (Date.now() - shown < LINES_ON_A_PIPE_MS) return;
      shown = Date.now();
      const left =
        done > 0 ? `, ${Math.ceil(((shown - started) * (total - done)) / done / 1000)} s left` : "";
      process.stderr.write(
        `${title}: ${Math.floor((100 * done) / total)} %${left}  ${rateOf(progress, started)}  ${note}\n`,
      );
    },
    stop() {},
  };
}
