import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../../../..");
const page = readFileSync(join(repository, "docs/trust.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:promise |-)/.test(line));
/** What stands between backquotes in the second cell of a row. */
const named = (row: string) => Array.from(row.split("|")[2].matchAll(/`([^`]+)`/g), ([, text]) => text);
const verify = readFileSync(join(repository, "internal/packaging/src/verify.ts"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));

test.each(rows)("%s names tests or a command, and each exists", (row) => {
  const checks = named(row).filter((text) => /^(?:pnpm |apps\/|packages\/)|\.test\.ts$/.test(text));
  expect(checks).not.toEqual([]);
  for (const check of checks) {
    const [, script, part] = /^pnpm (\S+)(?: (\w+))?/.exec(check) ?? [];
    if (script === undefined) expect(globSync(check, { cwd: repository }), check).not.toEqual([]);
    else expect(Object.keys(scripts), check).toContain(script);
    if (script === "verify") expect(verify, check).toContain(`\n  ${part}: {`);
  }
});

test("every package, the command and the site are among what is checked", () => {
  for (const folder of globSync("{packages,apps}/*", { cwd: repository }))
    expect(page, folder).toContain(`\`${folder}/test`);
});
