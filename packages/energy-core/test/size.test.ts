import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { describe, expect, it } from "vitest";

/** Minified and gzipped size of what `code` pulls in, in bytes. */
async function bundled(code: string): Promise<number> {
  const entry = "size-entry.ts";
  const { output } = (await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["@basin/source"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id.endsWith(entry) ? `${import.meta.dirname}/${entry}` : null),
        load: (id) => (id.endsWith(entry) ? code : null),
      },
    ],
    build: {
      write: false,
      target: "es2023",
      minify: true,
      // Not library mode, which keeps white space.
      rolldownOptions: { input: `${import.meta.dirname}/${entry}`, preserveEntrySignatures: "strict" },
    },
  })) as Rolldown.RolldownOutput;
  const text = output.map((chunk) => ("code" in chunk ? chunk.code : ""));
  return gzipSync(text.join("")).length;
}

describe("what an import costs, minified and gzipped", () => {
  it("one function is less than 1.2 kilobytes", async () => {
    const bytes = await bundled('export { softmin } from "@basin/energy-core";');
    expect(bytes).toBeGreaterThan(200);
    expect(bytes).toBeLessThan(1200);
  });

  it("the whole root entry stays below 22 kilobytes", async () => {
    expect(await bundled('export * from "@basin/energy-core";')).toBeLessThan(22_000);
  });

  it("the generator, wasm and twin included, stays below 6.1 kilobytes", async () => {
    expect(await bundled('export * from "@basin/energy-core/random";')).toBeLessThan(6100);
  });
});
