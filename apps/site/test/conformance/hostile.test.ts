import { describe, expect, test } from "vitest";
import { initialSettings, type Schema, settingsOfFragment } from "../../src/demos/shared/settings.ts";
import { hostileFragments } from "../demos/hostile.ts";

const modules = import.meta.glob<{ schema: Schema }>("../../src/demos/*/settings.ts", { eager: true });
const schemas = Object.entries(modules).flatMap(([path, { schema }]) =>
  schema === undefined ? [] : [[path.split("/").at(-2) as string, schema] as const],
);

describe("ten thousand hostile fragments", () => {
  test.each(schemas)("give %s nothing but values that its settings take", (_, schema) => {
    const initial = initialSettings(schema);
    const names = Object.keys(schema).join();
    const wrong = hostileFragments(schema, 10_000, 1).filter((fragment) => {
      const values = settingsOfFragment(schema, `#${fragment}`, initial);
      const odd = Object.entries(schema).some(
        ([name, { read }]) => read(String(values[name])) !== values[name],
      );
      return odd || Object.keys(values).join() !== names;
    });
    expect(wrong).toEqual([]);
  });
});
