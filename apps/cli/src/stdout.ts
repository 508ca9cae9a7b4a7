/** Standard output, held for the result of a run. */
export interface Stdout {
  /** Resolves when the reader has the text, or is gone. */
  write(text: string | Uint8Array): Promise<void>;
  release(): void;
}

/**
 * Holds standard output. Until it is released, other output, such as that of a user's module, goes to standard error.
 */
export function holdStdout(): Stdout {
  const { stdout, stderr } = process;
  const { write } = stdout;
  const send = write as (text: string | Uint8Array, done: () => void) => boolean;
  stdout.write = stderr.write.bind(stderr) as typeof write;
  return {
    write: (text) => new Promise((done) => void (send.call(stdout, text, () => done()) && done())),
    release() {
      stdout.write = write;
    },
  };
}

/**
 * A reader that is gone (EPIPE) or a closed terminal (EIO) does not stop the work, because its files are still needed.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners("error").includes(ignoreReaders)) stream.on("error", ignoreReaders);
}

function ignoreReaders(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
}
