import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/**
 * Builds the whole site for the root of a host, or takes the one that `BASIN_SITE` names; `remove` removes only the
 * former.
 */
export function buildSite(): { folder: string; remove: () => void } {
  if (process.env.BASIN_SITE) return { folder: process.env.BASIN_SITE, remove: () => {} };
  const reference = resolve(root, "../../internal/reference");
  const folder = mkdtempSync(join(tmpdir(), "basin-site-"));
  const astro = join(dirname(createRequire(import.meta.url).resolve("astro/package.json")), "bin/astro.mjs");
  // Of the tests' environment nothing else: the variables of vitest make a build for development of it.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ASTRO_TELEMETRY_DISABLED: "1" };
  execFileSync(process.execPath, ["src/reference.ts"], { cwd: reference, env });
  execFileSync(process.execPath, [astro, "build", "--force", "--outDir", folder], { cwd: root, env });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
