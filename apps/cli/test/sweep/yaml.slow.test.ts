import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tryMutations } from "./mutations.ts";

it("of 100 000 texts that are nearly studies or options, each is read or refused with a message, within 5 s", async () => {
  const folder = mkdtempSync(join(tmpdir(), "basin-mutations-"));
  const { taken, refused, crashed, slowest } = await tryMutations(100_000, 2, join(folder, "options"));
  expect(crashed).toEqual([]);
  expect(taken).toBeGreaterThan(3000);
  expect(refused).toBeGreaterThan(50_000);
  expect(slowest).toBeLessThan(5000);
  rmSync(folder, { recursive: true });
});
