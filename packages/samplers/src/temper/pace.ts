import { type AbortSignalLike, now, throwIfAborted, yieldToEvents } from "@basin/energy-core/platform";

/** What every loop over walkers takes. */
export interface LoopOptions {
  /** Stops the run: the promise rejects with the signal's reason. */
  signal?: AbortSignalLike;
  /** Called about twenty times a second. */
  onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const SLICE_MS = 40;

/** Returns what keeps a loop's caller and page informed. @throws the signal's reason, where it was aborted before. */
export function pacer({ signal, onProgress }: LoopOptions) {
  throwIfAborted(signal);
  let last = now();
  return {
    /** Whether it is time for a breath. */
    get due(): boolean {
      return now() - last >= SLICE_MS;
    },
    async breathe(done: number, total: number): Promise<void> {
      onProgress?.({ done, total });
      await yieldToEvents();
      throwIfAborted(signal);
      last = now();
    },
  };
}
