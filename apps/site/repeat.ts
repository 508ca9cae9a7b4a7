import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildElement, standaloneDemos } from "./elements.ts";
import { buildSite } from "./test/build-site.ts";

/** Builds the site with its elements twice, and names the files that differ. */

/** Returns the SHA-256 of each file of one build. */
async function build(): Promise<ReadonlyMap<string, string>> {
  const { folder, remove } = buildSite();
  for (const name of standaloneDemos) await buildElement(name, join(folder, "elements"));
  const files = globSync("**", { cwd: folder })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort();
  const hash = (file: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
  const hashes = new Map(files.map((file) => [file, hash(file)]));
  remove();
  return hashes;
}

const [first, second] = [await build(), await build()];
const names = [...new Set([...first.keys(), ...second.keys()])];
const different = names.filter((name) => first.get(name) !== second.get(name));
const lines = different.slice(0, 20).map((name) => `differs: ${name}\n`);
process.stdout.write(`${lines.join("")}${names.length} files, ${different.length} differ\n`);
process.exitCode = different.length > 0 ? 1 : 0;
