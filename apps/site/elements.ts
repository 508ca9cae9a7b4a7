import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build, defaultClientConditions } from "vite";

const demos = join(import.meta.dirname, "src/demos");

/** The demos that are also files to copy. */
export const standaloneDemos = readdirSync(demos).filter((name) =>
  existsSync(join(demos, name, "standalone.ts")),
);

/** Writes `basin-NAME.js` into a folder: the element with its worker and kernels, in one file that fetches nothing. */
export async function buildElement(name: string, folder: string): Promise<void> {
  const wholeFile = { output: { codeSplitting: false } };
  await build({
    configFile: false,
    root: import.meta.dirname,
    publicDir: false,
    logLevel: "error",
    resolve: { conditions: ["@basin/source", ...defaultClientConditions] },
    worker: { format: "es", rolldownOptions: wholeFile },
    build: {
      lib: { entry: join(demos, name, "standalone.ts"), formats: ["es"], fileName: () => `basin-${name}.js` },
      outDir: folder,
      emptyOutDir: false,
      target: "es2023",
      rolldownOptions: wholeFile,
    },
  });
}

if (import.meta.main) {
  for (const name of standaloneDemos)
    await buildElement(name, process.argv[2] ?? join(import.meta.dirname, "dist/elements"));
}
