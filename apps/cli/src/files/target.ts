import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { named } from "./errors.ts";

/** The target of a path: standard output, a device or FIFO, a folder, or a file that may exist. */
export interface Target {
  readonly kind: "stdout" | "stream" | "folder" | "file" | "nothing";
  /** Without symbolic links. */
  readonly path: string;
  /** Identity of an existing file: no two files share it. */
  readonly id?: string;
}

/** Names of standard output. Its file must not be replaced, because the shell has opened it. */
const STDOUT = /^(-|\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/;

/** Returns the target of a path, whose folder need not exist. @throws the errors of the file system. */
export function targetOf(path: string): Target {
  if (STDOUT.test(path)) return { kind: "stdout", path: "-" };
  const absolute = resolve(path);
  const found = statSync(absolute, { throwIfNoEntry: false, bigint: true });
  if (found === undefined) return absent(absolute);
  const id = `${found.dev}:${found.ino}`;
  if (found.isDirectory()) return { kind: "folder", path: realpathSync(absolute), id };
  if (!found.isFile() || /^\/(dev|proc|sys)\//.test(absolute)) return { kind: "stream", path: absolute, id };
  return { kind: "file", path: realpathSync(absolute), id };
}

/** A link without a target names the place of the new file. */
function absent(absolute: string): Target {
  if (lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink())
    return targetOf(resolve(dirname(absolute), readlinkSync(absolute)));
  const parent = dirname(absolute);
  const folder = statSync(parent, { throwIfNoEntry: false }) ? realpathSync(parent) : absent(parent).path;
  return { kind: "nothing", path: join(folder, basename(absolute)) };
}

/** Writes to a device or a FIFO, which may wait for its reader. */
export async function writeStream(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const handle = await retry(["ENXIO"], signal, () =>
    // A plain open would block the whole program until there is a reader.
    openSync(path, constants.O_WRONLY | constants.O_NONBLOCK),
  ).catch((error) => {
    throw named(error, path);
  });
  try {
    for (let at = 0; at < bytes.length; )
      at += await retry(["EAGAIN"], signal, () => writeSync(handle, bytes, at));
  } catch (error) {
    throw named(error, path);
  } finally {
    closeSync(handle);
  }
}

const WAIT_MS = 20;

async function retry<T>(codes: readonly string[], signal: AbortSignal, attempt: () => T): Promise<T> {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!codes.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    await setTimeout(WAIT_MS, undefined, { signal });
  }
}
