import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../../../..");
const workflows = globSync(".github/workflows/*.yml", { cwd: repository }).sort();
const text = (workflow: string) => readFileSync(join(repository, workflow), "utf8");

test("there are workflows for checks, the site and releases", () => {
  expect(workflows).toEqual(["ci", "docs", "release"].map((name) => `.github/workflows/${name}.yml`));
});

test.each(workflows)("%s pins each action to a commit, with its version beside", (workflow) => {
  const uses = text(workflow).match(/uses: .*/g) ?? [];
  expect(uses.length).toBeGreaterThan(1);
  for (const use of uses) expect(use).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test("all workflows pin an action to the same commit", () => {
  const pins = new Map<string, Set<string>>();
  for (const [, action, pin] of workflows
    .map(text)
    .join("")
    .matchAll(/uses: (\S+)@(.*)/g))
    pins.set(action, (pins.get(action) ?? new Set()).add(pin));
  for (const [action, found] of pins) expect([...found], action).toHaveLength(1);
});

test.each(workflows)("%s grants what it needs by name, and installs what the lockfile says", (workflow) => {
  expect(text(workflow)).toMatch(/^permissions:( \{\}|\n {2}contents: read)$/m);
  for (const line of text(workflow).match(/pnpm install.*/g) ?? [])
    expect(line).toBe("pnpm install --frozen-lockfile");
});
