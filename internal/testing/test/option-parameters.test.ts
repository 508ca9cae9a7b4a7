import { expect, test } from "vitest";
import { optionParameters } from "../src/option-parameters.ts";
import { readOwnSurface } from "../src/surface.ts";

const serves = "takes the options of the call that it serves, which has checked them";
/** Functions that take an option they do not know, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  keepRun: serves,
  openPool: serves,
  pacer: serves,
};

using surface = readOwnSurface();
const parameters = optionParameters(surface).map(({ entry, ...rest }) => ({
  entry: entry.name,
  file: entry.file,
  ...rest,
}));

/** Resolves to what a call throws, or rejects with, or a walk through what it returns does. */
async function failureOf(call: () => unknown): Promise<string> {
  try {
    const result = (await call()) as Partial<AsyncIterator<unknown>> | undefined;
    await result?.next?.();
  } catch (error) {
    return String(error);
  }
  return "nothing failed";
}

const checked = parameters.filter(({ name }) => exceptions[name] === undefined);

// The other arguments are left out: options are checked before anything else.
test.each(checked)("$name of $entry refuses an unknown option, listing the known ones", async (parameter) => {
  const { file, name, index, options } = parameter;
  const module = await import(file);
  const failure = await failureOf(() => module[name](...new Array(index), { noSuchOption: 1 }));
  const [said, known = ""] = failure.split("; known: ");
  expect(said).toBe(`ArgumentError: ${name} has no option "noSuchOption"`);
  expect(known.split(", ").sort()).toEqual([...options].sort());
});

test("every exception is a function with options", () => {
  const names = new Set(parameters.map(({ name }) => name));
  expect(Object.keys(exceptions).filter((name) => !names.has(name))).toEqual([]);
});

test("options that are no object are refused", async () => {
  const { checkOptions } = await import(
    surface.entries.find(({ name }) => name === "@basin/energy-core/internal")?.file ?? ""
  );
  for (const [options, kind] of [
    [3, "3"],
    [null, "null"],
    [undefined, "undefined"],
    [[3], "an array of length 1"],
  ])
    expect(() => checkOptions("walk", options, "steps")).toThrow(
      `the options of walk are ${kind}, expected an object; known: steps`,
    );
});
