import { nodeModule } from "./platform.ts";

/** The part of Node's `fs/promises` that checkpoints need. */
export interface FileSystem {
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, text: string, options: { flag: string }): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  stat(path: string): Promise<{ readonly mtimeMs: number }>;
  utimes(path: string, accessed: number, modified: number): Promise<void>;
  rm(path: string, options: { force: boolean }): Promise<void>;
  open(path: string, flags: string): Promise<FileHandle>;
}

interface FileHandle {
  writeFile(data: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export function fileSystem(): FileSystem {
  return nodeModule<FileSystem>("node:fs/promises", "a checkpoint file");
}

/** Returns who this is: a process and a thread of it. */
export function whoAmI(): { pid: number; thread: number; host: string } {
  const { pid } = nodeModule<{ pid: number }>("node:process", "a checkpoint file");
  const { threadId } = nodeModule<{ threadId: number }>("node:worker_threads", "a checkpoint file");
  const { hostname } = nodeModule<{ hostname(): string }>("node:os", "a checkpoint file");
  return { pid, thread: threadId, host: hostname() };
}

export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

/** Resolves to the bytes of a file, or to undefined where there is none. */
export async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await fileSystem().readFile(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

let made = 0;

/** Returns a string that is unique among processes and calls. */
export function uniqueWord(): string {
  const { pid, thread } = whoAmI();
  return `${pid}-${thread}-${Date.now().toString(36)}-${made++}`;
}

/**
 * Writes a file whole or not at all: it writes a uniquely named file next to it, flushes that to the disk and renames
 * it. A crash leaves the old file or the new one; a failure leaves the old one and nothing else. Node only.
 *
 * @throws {CapabilityError} outside Node. @throws what the file system refuses.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const files = fileSystem();
  const partial = `${path}.${uniqueWord()}.partial`;
  try {
    const handle = await files.open(partial, "wx");
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(partial, path);
  } catch (error) {
    await files.rm(partial, { force: true });
    throw error;
  }
}
