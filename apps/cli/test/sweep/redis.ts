import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";
import { join } from "node:path";

const program = process.env.BASIN_REDIS ?? "redis-server";

/** Whether there is a server to test with. */
export const hasRedis = spawnSync(program, ["--version"]).status === 0;
if (!hasRedis) console.warn("no redis-server found: the queue is not tried (BASIN_REDIS names one)");

/** Whether certificates can be made for one with TLS. */
export const hasTls = hasRedis && spawnSync("openssl", ["version"]).status === 0;
if (hasRedis && !hasTls) console.warn("no openssl found: a queue with TLS is not tried");

/** What every server of the tests asks for. */
export const PASSWORD = "open-sesame-4711";

/** A server of our own, with persistence, on a port of its own. */
export class RedisServer {
  readonly url: string;
  readonly #port: number;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, options: readonly string[], protocol: string) {
    this.#port = port;
    this.#options = options;
    this.url = `${protocol}://:${PASSWORD}@127.0.0.1:${port}`;
  }

  /** Starts one that keeps its data in `folder`, with `options` in place of those that a queue needs. */
  static async start(folder: string, ...options: string[]): Promise<RedisServer> {
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
    return RedisServer.#begun([...base, "--requirepass", PASSWORD, ...options]);
  }

  /** Starts one that speaks TLS alone, with a certificate that it signed itself; returns that too. */
  static async startTls(folder: string): Promise<{ server: RedisServer; certificate: string }> {
    const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
    const asked = "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1";
    const owner = ["-subj", "/CN=basin", "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = spawnSync("openssl", [...asked.split(" "), ...owner, "-keyout", key, "-out", certificate]);
    if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
    const tls = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", certificate];
    const server = await RedisServer.start(folder, "--port", "0", "--tls-auth-clients", "no", ...tls);
    return { server, certificate };
  }

  static async #begun(options: readonly string[]): Promise<RedisServer> {
    const isTls = options.includes("--tls-cert-file");
    const server = new RedisServer(await freePort(), options, isTls ? "rediss" : "redis");
    await server.begin();
    return server;
  }

  async begin(): Promise<void> {
    const port = [this.url.startsWith("rediss") ? "--tls-port" : "--port", String(this.#port)];
    const child = spawn(program, [...port, ...this.#options], { stdio: "ignore" });
    this.#process = child;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new Error(`${program} ended with code ${child.exitCode}`);
      await new Promise((go) => setTimeout(go, 20));
    }
  }

  /** Ends it; what it holds stays on its disk. */
  async end(): Promise<void> {
    const ended = new Promise((go) => this.#process?.once("exit", go));
    this.#process?.kill();
    await ended;
  }

  #answers(): Promise<boolean> {
    return new Promise((answer) => {
      const socket = connect(this.#port, "127.0.0.1", () => {
        socket.destroy();
        answer(true);
      });
      socket.once("error", () => answer(false));
    });
  }
}

/**
 * Resolves to a port below those that systems give to outgoing connections, one of which could take it while the server
 * is away.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const isFree = await new Promise((found) => {
      const server = createServer();
      server.once("error", () => found(false));
      server.listen(port, "127.0.0.1", () => server.close(() => found(true)));
    });
    if (isFree) return port;
  }
}
