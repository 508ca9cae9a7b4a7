import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { ArgumentError } from "@basin/energy-core";

/** The address of a queue, with its password. As text, it shows only host, port and number. */
export class QueueAddress {
  readonly #url: URL;
  /** The certificate authority of a `rediss:` server, if it is not one of the system. */
  readonly authority: string | undefined;

  constructor(text: string, authority?: string) {
    const url = URL.parse(text.trim());
    if (url === null || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "")
      throw new ArgumentError(
        "the address of the queue (not shown: it may hold a password) is no URL such as redis://host:6379 or rediss://user:password@host:6379/0",
      );
    this.#url = url;
    this.authority = authority;
  }

  /** The URL with its password, only for the client. */
  get secret(): string {
    return this.#url.href;
  }

  toString(): string {
    const { protocol, host, pathname } = this.#url;
    return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** The options of the address of a queue. */
export interface QueuePlace {
  readonly queue?: { readonly secret: string };
  readonly queueFile?: string;
  readonly queueCa?: string;
}

/** Returns the address from the options or the environment; undefined without one. */
export function addressOf({ queue, queueFile, queueCa }: QueuePlace): QueueAddress | undefined {
  if (queue !== undefined && queueFile !== undefined)
    throw new ArgumentError("--queue and --queue-file were both given, expected one");
  const text =
    queue?.secret ?? (queueFile === undefined ? process.env.BASIN_QUEUE : readFileSync(queueFile, "utf8"));
  if (text === undefined || text === "") return undefined;
  return new QueueAddress(text, queueCa === undefined ? undefined : readFileSync(queueCa, "utf8"));
}
