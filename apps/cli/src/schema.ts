import { version } from "./version.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Fields of every envelope that do not depend on the command. */
const COMMON = {
  version: { type: "string", const: version, description: "the version of Basin" },
  seed: {
    type: "integer",
    minimum: 0,
    description: "the seed that repeats the result; absent if nothing is random",
  },
  warnings: {
    type: "array",
    items: { type: "string" },
    description: "sentences that the text shows as warnings",
  },
  timing: {
    type: "object",
    properties: { seconds: { type: "number", description: "from start to end" } },
    required: ["seconds"],
    additionalProperties: false,
  },
};

/**
 * Resolves to the JSON Schema (draft 2020-12) of what a command prints with `--json`; undefined if there is no such
 * command.
 */
export async function schemaOf(path: string): Promise<Schema | undefined> {
  const { definitions, schemas } = await import("./schemas.generated.ts");
  if (!Object.hasOwn(schemas, path)) return undefined;
  const { options, result } = schemas[path];
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `basin ${path} --json`,
    type: "object",
    properties: { command: { const: path }, ...COMMON, options: withoutSeed(options), result },
    required: ["command", "version", "options", "result", "warnings", "timing"],
    additionalProperties: false,
    $defs: namedIn([options, result], definitions),
  };
}

/** The seed is outside the options. It is the one that was drawn if none was given. */
function withoutSeed(options: object): Schema {
  const { properties, required = [], ...rest } = options as { properties: Schema; required?: string[] };
  const { seed: _, ...own } = properties;
  return { ...rest, properties: own, required: required.filter((name) => name !== "seed") };
}

/** Returns the definitions that schemas refer to, directly or through others. */
function namedIn(schemas: readonly object[], definitions: Readonly<Record<string, object>>): Schema {
  const found = new Map<string, object>();
  const waiting = [...schemas];
  for (const schema of waiting)
    for (const [, name] of JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g))
      if (!found.has(name)) {
        found.set(name, definitions[name]);
        waiting.push(definitions[name]);
      }
  return Object.fromEntries(found);
}
