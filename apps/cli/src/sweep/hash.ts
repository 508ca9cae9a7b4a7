import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** Returns a plain value as JSON that does not depend on the order of keys (RFC 8785, for the values in studies). */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, entry) =>
    entry !== null && typeof entry === "object" && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}

/** Returns the SHA-256 of a plain value as hexadecimal digits. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex");
}

/** Resolves to the SHA-256 of a file, or of the names and hashes of all files in a folder. */
export async function hashPath(path: string): Promise<string> {
  if (statSync(path).isDirectory()) {
    const parts: [string, string][] = [];
    for (const name of readdirSync(path).sort()) parts.push([name, await hashPath(join(path, name))]);
    return hashOf(parts);
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
