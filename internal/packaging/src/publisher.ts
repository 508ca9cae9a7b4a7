import { readFileSync } from "node:fs";

/** Who publishes: addresses that only the owner of the project knows. They stand in `publisher.json` alone. */
export interface Publisher {
  /** URL of the git repository, such as "https://host/owner/basin". */
  readonly repository: string;
  /** URL of the documentation. */
  readonly homepage: string;
  /** URL where faults are reported. */
  readonly bugs: string;
  /** URL or address where weaknesses are reported in private. */
  readonly security: string;
}

const fields = ["repository", "homepage", "bugs", "security"] as const;

/**
 * Returns the publisher that a file describes.
 *
 * @throws {Error} naming the fields that are empty, unknown or no addresses.
 */
export function readPublisher(file: string): Publisher {
  const given = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const unknown = Object.keys(given).filter((field) => !(fields as readonly string[]).includes(field));
  if (unknown.length > 0) throw new Error(`${file} has ${unknown.join(", ")}; known: ${fields.join(", ")}`);
  const faults = fields.filter((field) => !isAddress(given[field], field === "security"));
  if (faults.length > 0)
    throw new Error(
      `${file} lacks ${faults.join(", ")}: the owner of the project fills in an address for each`,
    );
  return given as unknown as Publisher;
}

function isAddress(value: unknown, mail: boolean): boolean {
  if (typeof value !== "string" || value === "") return false;
  return URL.canParse(value)
    ? /^(https|mailto):$/.test(new URL(value).protocol)
    : mail && /^\S+@\S+\.\S+$/.test(value);
}

/** Returns a package's manifest with the publisher's addresses. @param directory where it lies in the repository. */
export function stamp<M extends object>(manifest: M, publisher: Publisher, directory: string) {
  const { repository, homepage, bugs } = publisher;
  return {
    ...manifest,
    homepage,
    repository: { type: "git", url: `git+${repository}.git`, directory },
    bugs: { url: bugs },
  };
}
