import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { emptyProject, npm } from "./npm.ts";

/** A package registry on loopback, from which `@basin/*` come; all else comes from the registry that npm is set to. */
export interface Registry {
  readonly url: string;
  /** The environment in which npm and pnpm talk to it. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** Installs verdaccio into a folder and starts it there. */
export async function startRegistry(folder: string): Promise<Registry> {
  // verdaccio pins a node-fetch that ends every answer of a proxied registry early on current Node.
  emptyProject(folder, { overrides: { "node-fetch": "2.7.0" } });
  await npm(folder, ["install", "verdaccio@6"]);
  const upstream = (await npm(folder, ["config", "get", "registry"])).trim();
  const url = `http://127.0.0.1:${await freePort()}/`;
  const config = {
    storage: join(folder, "storage"),
    uplinks: { upstream: { url: upstream, maxage: "60m" } },
    packages: {
      "@basin/*": { access: "$all", publish: "$all" },
      "**": { access: "$all", proxy: "upstream" },
    },
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: -1 } },
    web: { enable: false },
    max_body_size: "20mb",
    log: { type: "stdout", level: "error" },
  };
  const file = join(folder, "config.yaml");
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  const program = join(folder, "node_modules/verdaccio/bin/verdaccio");
  const child = spawn(process.execPath, [program, "--config", file, "--listen", url], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  await answering(url, child);
  const userConfig = join(folder, "npmrc");
  // The registry takes anyone; the clients refuse to publish without a token.
  writeFileSync(userConfig, `registry=${url}\n${url.slice("http:".length)}:_authToken=anyone\n`);
  return {
    url,
    env: { NPM_CONFIG_USERCONFIG: userConfig, npm_config_registry: url },
    close: () => child.kill(),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the registry ended with ${child.exitCode}`);
    const up = await fetch(`${url}-/ping`).catch(() => undefined);
    if (up?.ok) return;
    await wait(200);
  }
  child.kill();
  throw new Error(`the registry does not answer at ${url}`);
}
