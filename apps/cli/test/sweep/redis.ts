import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = process.env.BASIN_REDIS ?? "redis-server";

/** Whether there is a server to test with. */
export const hasRedis = spawnSync(program, ["--version"]).status === 0;
if (!hasRedis) console.warn("no redis-server found: the queue is not tried (BASIN_REDIS names one)");

/** What every server of the tests asks for. */
export const PASSWORD = "open-sesame-4711";

/** A server of our own, with persistence, on a port of its own. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, options: readonly string[]) {
    this.#port = port;
    this.#options = options;
    this.url = `redis://:${PASSWORD}@127.0.0.1:${port}`;
  }

  /** Starts one, with `options` in place of those that a queue needs. */
  static async start(...options: string[]): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), "basin-redis-"));
    const base = [
      "--bind",
      "127.0.0.1",
      "--dir",
      folder,
      "--save",
      "",
      "--appendonly",
      "yes",
      "--maxmemory-policy",
      "noeviction",
    ];
    const server = new RedisServer(await freePort(), [...base, "--requirepass", PASSWORD, ...options]);
    await server.begin();
    return server;
  }

  async begin(): Promise<void> {
    this.#process = spawn(program, ["--port", String(this.#port), ...this.#options], { stdio: "ignore" });
    while (!(await this.#answers())) await new Promise((go) => setTimeout(go, 20));
  }

  /** Ends it; what it holds stays on its disk. */
  async end(): Promise<void> {
    const ended = new Promise((go) => this.#process?.once("exit", go));
    this.#process?.kill();
    await ended;
  }

  #answers(): Promise<boolean> {
    return new Promise((answer) => {
      const socket = connect(this.#port, "127.0.0.1", () => answer(true));
      socket.once("error", () => answer(false));
      socket.unref();
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}
