import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import * as promises from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { fileCheckpoint, lockFile } from "../../src/run/index.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.restoreAllMocks());
let files = 0;
const fresh = () => join(folder, `run-${files++}`);
const abandon = (path: string, holder: object | string) =>
  writeFileSync(`${path}.lock`, typeof holder === "string" ? holder : JSON.stringify(holder));
/** Puts other operations in the place of those of the file system. */
function replaceFiles(operations: object): void {
  const real = process.getBuiltinModule.bind(process);
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) =>
    name === "node:fs/promises"
      ? { ...promises, ...operations }
      : real(name)) as typeof process.getBuiltinModule);
}
/** A process that has ended. */
const gone = () => spawnSync(process.execPath, ["-e", ""]).pid;

test("a lock is held until it is given back, and names who holds it", async () => {
  const path = fresh();
  const release = await fileCheckpoint(path).lock();
  await expect(fileCheckpoint(path).lock()).rejects.toThrow(
    `${path} is in use by process ${process.pid} on ${hostname()}; if that has ended, remove ${path}.lock`,
  );
  await release();
  expect(existsSync(`${path}.lock`)).toBe(false);
  await (await fileCheckpoint(path).lock())();
});

test("the lock of a process that is gone is taken over, by one of several", async () => {
  const path = fresh();
  abandon(path, { pid: gone(), host: hostname(), token: "old" });
  const claims = await Promise.allSettled([1, 2, 3, 4].map(() => fileCheckpoint(path).lock()));
  const taken = claims.filter(({ status }) => status === "fulfilled");
  expect(taken).toHaveLength(1);
  expect(JSON.parse(readFileSync(`${path}.lock`, "utf8"))).toMatchObject({ pid: process.pid });
  await (taken[0] as PromiseFulfilledResult<() => Promise<void>>).value();
  expect(readdirSync(folder).filter((name) => name.startsWith("run-1"))).toEqual([]);
});

test.each([
  ["of another machine", { pid: 1, host: "elsewhere", token: "x" }, "in use by process 1 on elsewhere"],
  ["that cannot be read", "{", "in use by another run"],
])("a lock %s stands", async (_, holder, message) => {
  const path = fresh();
  abandon(path, holder);
  await expect(fileCheckpoint(path).lock()).rejects.toThrow(message);
});

test("a place where no file can be made is refused before any work", async () => {
  const path = join(folder, "missing", "run");
  await expect(fileCheckpoint(path).lock()).rejects.toThrow(
    /^the checkpoint cannot be locked, .*: ENOENT: no such file or directory.*missing/,
  );
});

test("giving back leaves the lock of whoever took it over meanwhile", async () => {
  const path = fresh();
  const release = await fileCheckpoint(path).lock();
  abandon(path, { pid: process.pid, host: hostname(), token: "another" });
  await release();
  expect(existsSync(`${path}.lock`)).toBe(true);
});

test.each([
  ["touched long ago", 200, true],
  ["touched lately", 60, false],
])("a lock that another machine %s is taken over: %j s ago, %s", async (_, secondsAgo, taken) => {
  const path = join(folder, `beat-${secondsAgo}`);
  writeFileSync(`${path}.lock`, JSON.stringify({ pid: 1, host: "elsewhere", token: "far", beats: true }));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(`${path}.lock`, then, then);
  const claim = await lockFile(path, { heartbeat: true }).catch((error: Error) => error.message);
  if (taken) await (claim as () => Promise<void>)();
  else expect(claim).toMatch("in use by process 1 on elsewhere");
  expect(existsSync(`${path}.lock`)).toBe(!taken);
});

test.each([undefined, ""])("no lock is made for the path %j", async (path) => {
  await expect(lockFile(path as string)).rejects.toThrow("expected the name of a file");
});

test("a process that dies at any step of locking leaves no lock, or one that names it", async () => {
  const path = fresh();
  const dies = () => new Promise<never>(() => {});
  for (const step of ["writeFile", "link", "rm"] as const) {
    const reached = new Promise<void>((reach) => {
      const half = async (name: string, text: string) => {
        if (step === "writeFile") writeFileSync(name, text.slice(0, 5));
        reach();
        return dies();
      };
      replaceFiles({ [step]: half });
    });
    void lockFile(path);
    await reached;
    vi.restoreAllMocks();
    if (existsSync(`${path}.lock`)) {
      expect(JSON.parse(readFileSync(`${path}.lock`, "utf8")), step).toMatchObject({ pid: process.pid });
      rmSync(`${path}.lock`);
    }
  }
  await (await lockFile(path))();
});

test("a full disk leaves no lock behind, and a file system without links has locks all the same", async () => {
  const path = fresh();
  const full = async (name: string) => {
    writeFileSync(name, "");
    throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
  };
  replaceFiles({ writeFile: full });
  await expect(lockFile(path)).rejects.toThrow("cannot be locked, so it could not be written either: ENOSPC");
  vi.restoreAllMocks();
  const linkless = () => Promise.reject(Object.assign(new Error("EPERM"), { code: "EPERM" }));
  replaceFiles({ link: linkless });
  const release = await lockFile(path);
  await expect(lockFile(path)).rejects.toThrow(`in use by process ${process.pid}`);
  await release();
  expect(readdirSync(folder).filter((name) => name.startsWith(path.slice(folder.length + 1)))).toEqual([]);
});
