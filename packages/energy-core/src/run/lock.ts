import { checkOptions } from "../check-options.ts";
import { ArgumentError, checkKind } from "../errors.ts";
import { decodeText } from "../internal/text.ts";
import { codeOf, fileSystem, readIfThere, uniqueWord, whoAmI } from "./files.ts";
import { nodeModule } from "./platform.ts";

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Tells one lock from every other. */
  readonly token: string;
  /** Whether the holder touches the lock while it lives. */
  readonly beats?: boolean;
}

/** Options of {@link lockFile}. */
export interface LockOptions {
  /**
   * Whether to touch the lock every few seconds, so that another machine takes it over after a minute or two without a
   * sign of life. Only for a thread that does not compute: one that is busy looks dead. Default false.
   */
  heartbeat?: boolean;
}

const BEAT_MS = 5000;
/** Clocks of two machines differ by less. */
const SILENT_MS = 120_000;
const NO_LINKS = ["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"];

declare const setInterval: (beat: () => void, milliseconds: number) => { unref(): void };
declare const clearInterval: (timer: unknown) => void;

/**
 * Locks `path` for this run by a file next to it, and resolves to a function that releases it. It takes over the lock
 * of a process that has ended. Node only.
 *
 * @throws {ArgumentError} when another run holds it, naming it, and where no file can be made.
 *
 * @example
 * ```ts
 * import { lockFile } from "@basin/energy-core/run";
 *
 * const release = await lockFile("results.csv", { heartbeat: true });
 * await lockFile("results.csv").catch(({ message }) => console.log(message.split(" by ")[0])); // results.csv is in use
 * await release();
 * ```
 */
export async function lockFile(path: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  checkOptions("lockFile", options, "heartbeat");
  checkKind("path", path, typeof path === "string" && path !== "", "the name of a file");
  const lock = `${path}.lock`;
  const { pid, host } = whoAmI();
  const beats = options.heartbeat === true;
  const own: Holder = { pid, host, token: uniqueWord(), ...(beats && { beats }) };
  const partial = `${path}.${own.token}.partial`;
  if (!(await create(lock, own, partial)) && !(await takeOver(lock, own, partial))) {
    const holder = await holderOf(lock);
    const who = holder?.host ? `process ${holder.pid} on ${holder.host}` : "another run";
    throw new ArgumentError(`${path} is in use by ${who}; if that has ended, remove ${lock}`);
  }
  const beat = () => fileSystem().utimes(lock, Date.now() / 1000, Date.now() / 1000);
  // A lock that was removed by hand is nobody's to touch.
  const timer = beats ? setInterval(() => void beat().catch(() => {}), BEAT_MS) : undefined;
  timer?.unref();
  return async () => {
    clearInterval(timer);
    if ((await holderOf(lock))?.token === own.token) await fileSystem().rm(lock, { force: true });
  };
}

/**
 * Creates a lock; false when it is there already. The lock appears whole, by a link to the complete file `partial`, so
 * that a process that dies here leaves no lock that names nobody.
 */
async function create(lock: string, own: Holder, partial: string): Promise<boolean> {
  const files = fileSystem();
  try {
    await files.writeFile(partial, JSON.stringify(own), { flag: "wx" });
    await files.link(partial, lock).catch((error) => {
      // Some file systems know no links.
      if (!NO_LINKS.includes(codeOf(error) ?? "")) throw error;
      return files.writeFile(lock, JSON.stringify(own), { flag: "wx" });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    const why = (error as Error).message;
    throw new ArgumentError(`the checkpoint cannot be locked, so it could not be written either: ${why}`, {
      cause: error,
    });
  } finally {
    await files.rm(partial, { force: true });
  }
}

/** Resolves to the holder of a lock, to none without a lock, and to nobody in particular where it cannot be read. */
async function holderOf(lock: string): Promise<Holder | undefined> {
  const bytes = await readIfThere(lock);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(decodeText(bytes)) as Holder;
  } catch {
    return { pid: 0, host: "", token: "unreadable" };
  }
}

/**
 * Replaces the lock of a process that has ended. Returns false if it has not ended or another run takes the lock over.
 */
async function takeOver(lock: string, own: Holder, partial: string): Promise<boolean> {
  const holder = await holderOf(lock);
  if (holder === undefined) return create(lock, own, partial);
  if (!(await isGone(holder, lock))) return false;
  // Of several that find the same lock abandoned, one makes this file; whoever comes after it finds another lock.
  const claim = `${lock}.${holder.token}`;
  if (!(await create(claim, own, partial))) return false;
  const files = fileSystem();
  try {
    if ((await holderOf(lock))?.token !== holder.token) return false;
    await files.rename(claim, lock);
    return true;
  } finally {
    await files.rm(claim, { force: true });
  }
}

async function isGone({ pid, host, beats }: Holder, lock: string): Promise<boolean> {
  if (host !== whoAmI().host) {
    return beats === true && Date.now() - (await fileSystem().stat(lock)).mtimeMs > SILENT_MS;
  }
  try {
    nodeModule<{ kill(pid: number, signal: 0): void }>("node:process", "a checkpoint file").kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}
