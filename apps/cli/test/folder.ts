import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Makes an empty folder, which is removed after the tests of the file that calls. */
export function freshFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `basin-${name}-`));
  made.push(folder);
  return folder;
}
