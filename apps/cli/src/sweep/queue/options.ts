import type { Setting } from "../../command.ts";
import { text } from "../../options/settings.ts";

/** A secret text, which is never shown. */
class Secret {
  readonly #text: string;

  constructor(given: string) {
    this.#text = given;
  }

  get secret(): string {
    return this.#text;
  }

  toJSON(): string {
    return "(not shown)";
  }

  toString(): string {
    return this.toJSON();
  }
}

const queue: Setting<Secret | undefined> = {
  hint: "<url>",
  summary: "a queue in Redis or Valkey, as redis://host:6379 or rediss://… with TLS (default: BASIN_QUEUE)",
  secret: true,
  read: (given) => new Secret(given),
};

/** Options of the address of a queue. */
export const queueSettings = {
  queue,
  queueFile: text("<file>", "a file with the URL of the queue, whose password no list of processes shows"),
  queueCa: text("<file>", "the certificate authority of a rediss:// server, as PEM"),
  files: text("<folder>", "a folder that all machines share, for what tasks write"),
};
