import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runPrograms } from "../src/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-programs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log = join(folder, "log");
const note = `appendFileSync(${JSON.stringify(log)}, [process.pid, process.cwd(), globalThis.left].join() + "\\n");`;

test("programs that end well share a process, each begun when the one before has nothing left to do", async () => {
  const outcomes = await run("well", {
    first: `setTimeout(() => { ${note} }, 50); globalThis.left = 1;`,
    second: note,
  });
  expect(outcomes).toEqual({ first: "passed", second: "passed" });
  const notes = readFileSync(log, "utf8").trim().split("\n");
  const [[pid, cwd, left], [nextPid, nextCwd, nextLeft]] = notes.map((line) => line.split(","));
  expect(notes).toHaveLength(2);
  expect(nextPid).toBe(pid);
  expect(nextCwd).not.toBe(cwd);
  expect([left, nextLeft]).toEqual(["1", "1"]);
});

test("one that does not end well among others is judged by how it ends alone, and the rest run", async () => {
  const outcomes = await run("badly", {
    leaves: "globalThis.left = 1;",
    disturbed: "if (globalThis.left) throw new Error('disturbed');",
    throws: "throw new Error('thrown');",
    rejects: "void Promise.reject(new Error('rejected'));",
    ends: "process.exit(0);",
    exits: "process.exit(3);",
    code: "process.exitCode = 1;",
    waits: "await new Promise(() => {});",
    last: "export const last = 1;",
  });
  expect(outcomes).toEqual({
    leaves: "passed",
    disturbed: "passed",
    throws: expect.stringContaining("Error: thrown"),
    rejects: expect.stringContaining("Error: rejected"),
    ends: "passed",
    exits: "failed: ",
    code: "failed: ",
    waits: expect.stringContaining("unsettled top-level await"),
    last: "passed",
  });
});

async function run(
  name: string,
  programs: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  mkdirSync(join(folder, name));
  const path = (program: string) => join(folder, name, `${program}.mjs`);
  for (const [program, code] of Object.entries(programs)) {
    writeFileSync(path(program), `import { appendFileSync } from "node:fs";\n${code}\n`);
  }
  const outcomes = runPrograms(Object.keys(programs).map(path));
  const told: Record<string, string> = {};
  for (const program of Object.keys(programs)) {
    const outcome = await outcomes.get(path(program));
    told[program] = outcome?.failed ? `failed: ${outcome.output}` : "passed";
  }
  return told;
}
