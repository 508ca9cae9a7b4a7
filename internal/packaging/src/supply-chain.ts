import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { run } from "./run.ts";

/**
 * Writes a bill of materials of what is needed to run (CycloneDX, by pnpm), checks the license of each part, and asks
 * the registry for advisories. Where the registry gives none, it says that this check was not run.
 */

const repository = resolve(import.meta.dirname, "../../..");

/** Licenses under which parts may be used and passed on with a package under Apache-2.0. */
const allowed =
  /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Zlib|Unlicense|CC0-1\.0|Python-2\.0)$/;

/** Parts whose license a manifest does not name, or which only tools of ours use: read by hand. */
const read: Readonly<Record<string, string>> = {
  jsfive: "in the public domain, by its LICENSE.txt",
  lightningcss: "MPL-2.0; builds pages, and is not passed on",
};

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly expression?: string;
    readonly license?: { readonly id?: string; readonly name?: string };
  }[];
}

/** Returns the parts whose license is none that is allowed, a sentence each. */
export function licenseFaults(components: readonly Component[]): string[] {
  return components.flatMap(({ name, version, licenses = [] }) => {
    if (Object.keys(read).some((known) => name === known || name.startsWith(`${known}-`))) return [];
    const stated = licenses.map(
      ({ expression, license }) => expression ?? license?.id ?? license?.name ?? "",
    );
    const parts = stated.flatMap((text) => text.replaceAll(/[()]/g, "").split(/ (?:AND|OR) /));
    return parts.length > 0 && parts.every((part) => allowed.test(part))
      ? []
      : [`${name}@${version} is under ${stated.join(", ") || "no license that its manifest names"}`];
  });
}

async function advisories(): Promise<string> {
  try {
    await run("pnpm", ["audit", "--prod", "--audit-level", "high"], repository);
    return "ok      no advisory of high severity";
  } catch (error) {
    const said = String(error);
    if (/AUDIT_BAD_RESPONSE|AUDIT_ENDPOINT/.test(said))
      return "NOT RUN advisories: this registry does not give any";
    throw error;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  const folder = mkdtempSync(join(tmpdir(), "basin-materials-"));
  try {
    const file = join(folder, "sbom.json");
    await run("pnpm", ["sbom", "--sbom-format", "cyclonedx", "--prod", "--out", file], repository);
    const text = readFileSync(file, "utf8");
    const { components } = JSON.parse(text) as { components: readonly Component[] };
    const faults = licenseFaults(components);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    console.log(`ok      ${components.length} parts under licenses that are allowed`);
    if (values.out !== undefined) writeFileSync(values.out, text);
    console.log(await advisories());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
