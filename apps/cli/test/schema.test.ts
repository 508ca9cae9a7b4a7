import { expect, it } from "vitest";
import { schemaOf } from "../src/schema.ts";
import { commands } from "../src/table.ts";
import { basin, checkEnvelope, envelopeOf } from "./basin.ts";

const called = Object.keys(commands).filter((path) => commands[path].load);

it("every command has a schema whose references all lead somewhere, and a group has none", async () => {
  for (const path of called) {
    const schema = await schemaOf(path);
    const text = JSON.stringify(schema);
    const named = [...text.matchAll(/"#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
    expect([path, Object.keys(schema?.$defs as object)]).toEqual([path, expect.arrayContaining(named)]);
    expect(text).toContain(`"command":{"const":"${path}"}`);
  }
  expect(await schemaOf("ising")).toBeUndefined();
});

it("a schema has the options of its command, each by its name, without the seed", async () => {
  for (const path of called) {
    const { options } = (await commands[path].load?.())!.default;
    const { properties } = (await schemaOf(path)) as { properties: { options: { properties: object } } };
    const own = Object.keys(options).filter((name) => name !== "seed");
    expect([path, Object.keys(properties.options.properties).sort()]).toEqual([path, own.sort()]);
  }
});

it("an envelope that lacks a field, has another, or holds text for a number is none", async () => {
  const { stdout } = await basin("ising", "exact", "--temperature", "2", "--json");
  const envelope = envelopeOf(stdout);
  await checkEnvelope(envelope);
  const { result, warnings: _, ...rest } = envelope;
  for (const wrong of [
    { ...rest, result },
    { ...envelope, more: 1 },
    { ...envelope, result: { infinite: { ...result.infinite, magnetization: "much" } } },
    { ...envelope, options: { ...envelope.options, temperature: true } },
  ])
    await expect(checkEnvelope(wrong as typeof envelope)).rejects.toThrow("is not what its schema says");
});

it("is printed for a command, and what is none is refused with the nearest", async () => {
  const { code, stdout } = await basin("schema", "ising", "solve");
  expect([code, JSON.parse(stdout)]).toEqual([0, await schemaOf("ising solve")]);
  const wrong = await basin("schema", "ising", "solv");
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("Did you mean ising solve?")]);
  const group = await basin("schema", "ising");
  expect(group).toMatchObject({ code: 2, stdout: "" });
  expect(group.stderr).toMatch(/ising, which is no command. Its commands are ising simulate, .*ising solve/);
});
