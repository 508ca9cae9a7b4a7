import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { addressOf, QueueAddress } from "../../../src/sweep/queue/address.ts";
import { type Connection, connect } from "../../../src/sweep/queue/connect.ts";
import { basin } from "../../basin.ts";
import { freshFolder } from "../../folder.ts";
import { hasRedis, hasTls, PASSWORD, RedisServer } from "../redis.ts";

describe("the address of a queue", () => {
  it("shows host, port and number alone, however it is shown", () => {
    const address = new QueueAddress(`rediss://user:${PASSWORD}@host:6380/2?password=${PASSWORD}`);
    for (const shown of [
      `${address}`,
      JSON.stringify(address),
      inspect({ address }),
      inspect(address, { showHidden: true }),
    ])
      expect(shown.replaceAll('"', "")).toContain("rediss://host:6380/2");
    expect(inspect({ address }, { depth: 9, showHidden: true })).not.toContain(PASSWORD);
    expect(address.secret).toContain(PASSWORD);
  });

  it.each([
    ["that is no URL", `redis//:${PASSWORD}@host`],
    ["of another protocol", `http://:${PASSWORD}@host`],
    ["given twice", `redis://:${PASSWORD}@host`, "--queue", `redis://:${PASSWORD}@other`],
  ])("%s is refused and not shown", async (_, ...words) => {
    const { code, stdout, stderr } = await basin("worker", "--queue", ...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /is no URL such as redis:\/\/host:6379|'--queue <url>' is given 2 times, expected once/,
    );
    expect(stderr).not.toContain(PASSWORD);
  });

  it("is given one way", () => {
    expect(() => addressOf({ queue: { secret: "redis://a" }, queueFile: "x" })).toThrow(
      "--queue and --queue-file were both given",
    );
    expect(addressOf({ queue: { secret: "redis://a" } })?.toString()).toBe("redis://a");
  });
});

describe.skipIf(!hasRedis)("a server", () => {
  test.each([
    [["--maxmemory-policy", "allkeys-lru"], /its maxmemory-policy is allkeys-lru, expected noeviction/],
    [["--appendonly", "no"], /its appendonly is no, expected yes/],
  ])("with %j is refused", async (options, message) => {
    const server = await RedisServer.start(freshFolder("redis"), ...options);
    await expect(connect(new QueueAddress(server.url))).rejects.toThrow(message);
    await server.end();
  });

  it("that asks for another password, or is not there, is named without it", async () => {
    const server = await RedisServer.start(freshFolder("redis"));
    const wrong = server.url.replace(PASSWORD, "wrong-password");
    const { code, stderr } = await basin("worker", "--queue", wrong);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/redis:\/\/127.0.0.1:\d+ cannot be used: WRONGPASS/),
    ]);
    expect(stderr).not.toContain("wrong-password");
    await server.end();
    await expect(connect(new QueueAddress(server.url))).rejects.toThrow(/cannot be used: ECONNREFUSED/);
  });
});

describe.skipIf(!hasTls)("a server with TLS and a certificate that it signed itself", () => {
  let server: RedisServer;
  let certificate: string;
  beforeAll(async () => {
    ({ server, certificate } = await RedisServer.startTls(freshFolder("tls")));
  });
  afterAll(() => server.end());

  it("is used where its certificate is the authority, with the address in a file or not", async () => {
    const queueFile = join(dirname(certificate), "queue.txt");
    writeFileSync(queueFile, `${server.url}\n`);
    for (const place of [{ queue: { secret: server.url } }, { queueFile }]) {
      const address = addressOf({ ...place, queueCa: certificate }) as QueueAddress;
      const { client, close } = await connect(address);
      expect([`${address}`.slice(0, 9), await client.ping()]).toEqual(["rediss://", "PONG"]);
      close();
    }
  });

  it("is refused without it, and by any other", async () => {
    const { code, stderr } = await basin("worker", "--queue", server.url);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/rediss:\/\/127.0.0.1:\d+ cannot be used: DEPTH_ZERO_SELF_SIGNED_CERT/),
    ]);
    expect(stderr).not.toContain(PASSWORD);
    const other = await RedisServer.startTls(freshFolder("tls"));
    await expect(
      connect(new QueueAddress(server.url, readFileSync(other.certificate, "utf8"))),
    ).rejects.toThrow(/cannot be used: DEPTH_ZERO_SELF_SIGNED_CERT/);
    await other.server.end();
  });
});

describe.skipIf(!hasRedis)("BullMQ, as we rely on it", () => {
  let server: RedisServer;
  let connection: Connection;
  beforeAll(async () => {
    server = await RedisServer.start(freshFolder("redis"));
    connection = await connect(new QueueAddress(server.url));
  });
  afterAll(async () => {
    connection.close();
    await server.end();
  });

  it("does nothing when a job is added whose name sits among those that completed or failed", async () => {
    const { bullmq, client } = connection;
    const queue = new bullmq.Queue("facts", { connection: client });
    const seen: unknown[] = [];
    const worker = new bullmq.Worker(
      "facts",
      async ({ data }) => {
        seen.push(data);
        if (data === "fails") throw new Error("it does");
      },
      { connection: client },
    );
    const settled = async (count: number) => {
      while (seen.length < count || (await queue.getJobCountByTypes("waiting", "active")) > 0)
        await new Promise((go) => setTimeout(go, 20));
    };
    await queue.addBulk(
      ["completes", "fails"].map((data) => ({ name: "job", data, opts: { jobId: `job-${data}` } })),
    );
    await settled(2);
    await queue.addBulk(
      ["completes", "fails"].map((data) => ({ name: "job", data: "again", opts: { jobId: `job-${data}` } })),
    );
    await queue.add("job", "last");
    await settled(3);
    expect(seen.sort()).toEqual(["completes", "fails", "last"]);
    await (await queue.getJob("job-fails"))?.remove();
    await queue.add("job", "fails no more", { jobId: "job-fails" });
    await settled(4);
    expect(seen[3]).toBe("fails no more");
    await worker.close();
    await queue.close();
  });
});
