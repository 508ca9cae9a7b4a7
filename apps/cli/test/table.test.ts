import { globSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, it } from "vitest";
import { common } from "../src/options/settings.ts";
import { commands } from "../src/table.ts";

const repository = resolve(import.meta.dirname, "../../..");
const pages = ["README.md", "docs/*.md", "packages/*/README.md", "apps/cli/src/tour/*.ts"];
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** What every command takes. */
const COMMON = [...Object.keys(common), "help"];

it("every command has an example, with options that it has and all that it needs", async () => {
  for (const [path, { load, example }] of Object.entries(commands)) {
    if (load === undefined) continue;
    const { options } = (await load()).default;
    const given = Array.from(example?.matchAll(/--([a-z-]+)/g) ?? [], ([, name]) => name);
    const flags = Object.entries(options).filter(([, { positional }]) => !positional);
    expect([path, flags.map(([name]) => kebab(name))]).toEqual([path, expect.arrayContaining(given)]);
    const needed = flags.filter(([, { required }]) => required).map(([name]) => kebab(name));
    expect([path, given]).toEqual([path, expect.arrayContaining(needed)]);
  }
});

it("command lines that pages and reports show call commands that there are, with options that they have", async () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const page of pages.flatMap((pattern) => globSync(join(repository, pattern)))) {
    for (const [, line] of readFileSync(page, "utf8").matchAll(
      /\bbasin ((?:[a-z]+ )+[^\n`|"<]*--[^\n`|"<]*)/g,
    )) {
      const words = line.split(/\s+(?:#|&&|-->)/)[0].split(/\s+/);
      const name = [words.slice(0, 2).join(" "), words[0]].find((call) => commands[call]?.load !== undefined);
      const command = name === undefined ? undefined : (await commands[name].load?.())?.default;
      const known = command && [...Object.keys(command.options).map(kebab), ...COMMON];
      for (const word of words.filter((part) => part.startsWith("--"))) {
        const option = word.slice(2).replace(/[^a-z0-9-].*$/, "");
        seen++;
        if (!known?.includes(option))
          wrong.push(`${relative(repository, page)}: basin ${line.trim()}: ${word}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(60);
});
