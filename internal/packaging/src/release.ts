import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { publishedFolders } from "./published.ts";
import { type Publisher, readPublisher, stamp } from "./publisher.ts";

/**
 * Publishes the packages, or writes the publisher's addresses into their manifests: `--stamp` before a version is
 * committed, nothing to publish. `--dry-run` packs and shows what would be published.
 */

const repository = resolve(import.meta.dirname, "../../..");
const { values } = parseArgs({
  options: { stamp: { type: "boolean", default: false }, "dry-run": { type: "boolean", default: false } },
});

let publisher: Publisher;
try {
  publisher = readPublisher(join(repository, "publisher.json"));
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}

const stale: string[] = [];
for (const directory of Object.values(publishedFolders(repository))) {
  const file = join(repository, directory, "package.json");
  const old = readFileSync(file, "utf8");
  const next = `${JSON.stringify(stamp(JSON.parse(old), publisher, directory), null, 2)}\n`;
  if (next === old) continue;
  if (values.stamp) writeFileSync(file, next);
  else stale.push(directory);
}
if (stale.length > 0) {
  console.error(
    `${stale.join(", ")} lack the addresses of publisher.json: run pnpm version-packages and commit it`,
  );
  process.exit(2);
}
if (!values.stamp) {
  const publish = values["dry-run"]
    ? ["--recursive", "publish", "--dry-run", "--no-git-checks", "--access", "public"]
    : ["exec", "changeset", "publish"];
  process.exitCode = spawnSync("pnpm", publish, { cwd: repository, stdio: "inherit" }).status ?? 1;
}
