/** Standard output, held for the result of a run. */
export interface Stdout {
  /** Resolves when the text is with its reader, or when that has gone. */
  write(text: string | Uint8Array): Promise<void>;
  release(): void;
}

/**
 * Holds standard output: what else prints there, such as a module of the user's, goes to standard error until it is
 * released.
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
 * Readers that have gone (EPIPE), and terminals that have been closed (EIO), stop no work: its files are still wanted.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    if (!stream.listeners("error").includes(ignoreReaders)) stream.on("error", ignoreReaders);
}

function ignoreReaders(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
}
