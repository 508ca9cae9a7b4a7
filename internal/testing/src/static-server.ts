import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/**
 * Serves a folder as any static host would, with no header beyond the type; to scripts of other origins where `shared`;
 * text `compressed` as the large hosts do.
 */
export async function serveFolder(
  folder: string,
  { shared = false, compressed = false } = {},
): Promise<{ address: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const content = await readFile(file);
      const type = types[extname(file)];
      const packs = compressed && type !== undefined;
      response
        .writeHead(200, {
          "content-type": type ?? "application/octet-stream",
          ...(shared && { "access-control-allow-origin": "*" }),
          ...(packs && { "content-encoding": "gzip" }),
        })
        .end(packs ? gzipSync(content) : content);
    } catch {
      response.writeHead(404).end("not found");
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { address: `http://127.0.0.1:${port}/`, close };
}
