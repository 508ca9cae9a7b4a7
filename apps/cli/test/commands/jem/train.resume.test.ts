import { appendFileSync, cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bars, COUNT, idx, jem, jemRefused, jemResult, scratchFolder, short } from "../../jem-data.ts";

const { at } = scratchFolder();
const data = ["--data", at("bars.idx"), "--labels", at("labels.idx")];
const plan = (name: string) => JSON.parse(readFileSync(at(`${name}/run.json`), "utf8"));
const steps = (name: string) =>
  readFileSync(at(`${name}/history.csv`), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => Number(row.split(",")[0]));
const train = (...args: string[]) => jemResult("train", ...args);
const refused = async (message: RegExp, ...args: string[]) => {
  const stderr = await jemRefused(message, "train", ...args);
  expect(stderr.trim().split("\n")).toHaveLength(1);
};

/** How long the first run took. */
let seconds: number;
beforeAll(async () => {
  const { images, labels } = bars(1);
  writeFileSync(at("bars.idx"), idx([COUNT, 6, 6], images));
  writeFileSync(at("labels.idx"), idx([COUNT], labels));
  ({ seconds } = await train(...data, ...short, "--out", at("run"), "--updates", "60"));
});

describe("basin jem train --resume", () => {
  it("goes on to the limits that the run was started with", async () => {
    expect(plan("run")).toMatchObject({ updates: 60 });
    cpSync(at("run"), at("more"), { recursive: true });
    writeFileSync(at("more/run.json"), JSON.stringify({ ...plan("run"), updates: 90 }));
    expect(await train("--resume", "--out", at("more"))).toMatchObject({ updates: 90, resumedFrom: 60 });
  });

  it("takes other limits in their place and keeps those", async () => {
    cpSync(at("run"), at("timed"), { recursive: true });
    const time = Math.ceil(seconds) + 2;
    const { updates } = await train("--resume", "--time", `${time}s`, "--out", at("timed"));
    expect(updates).toBeGreaterThan(60);
    expect(plan("timed")).toMatchObject({ time });
    expect(plan("timed")).not.toHaveProperty("updates");
  });

  it("refuses limits that are used up, and leaves the run as it is", async () => {
    const before = ["run.json", "run.checkpoint", "weights.bin"].map((name) =>
      readFileSync(join(at("run"), name)),
    );
    const at60 = /checkpoint in .* is at update 60 after .* s,/;
    await refused(at60, "--resume", "--out", at("run"));
    await refused(/--updates 30 left nothing to do/, "--resume", "--updates", "30", "--out", at("run"));
    await refused(/--time 0.006s left nothing/, "--resume", "--time", "6ms", "--out", at("run"));
    for (const [k, name] of ["run.json", "run.checkpoint", "weights.bin"].entries())
      expect(readFileSync(join(at("run"), name)).equals(before[k])).toBe(true);
  });

  it("adds to the history of what it goes on from", async () => {
    cpSync(at("run"), at("longer"), { recursive: true });
    const path = at("longer/history.csv");
    const before = readFileSync(path, "utf8");
    // Updates beyond the checkpoint, as of a run that was killed, are made again.
    appendFileSync(path, "80,1,2,3,4,5,6,7,8,9,10,11\n");
    await train("--resume", "--updates", "100", "--out", at("longer"));
    const after = readFileSync(path, "utf8");
    expect(after.startsWith(before)).toBe(true);
    expect(steps("longer")).toEqual([20, 40, 60, 80, 100]);
    expect(after).not.toContain("80,1,2,3");
  });

  it("refuses options that say something else than the run was started with", async () => {
    const resume = ["--resume", "--out", at("run"), "--updates", "61"];
    const cases: [string, string, RegExp][] = [
      ["--arch", "cnn", /--arch is cnn, .* started with mlp; leave the option out/],
      ["--data", "mnist", /--data is mnist, .* started with .*bars\.idx/],
      ["--labels", at("bars.idx"), /--labels is .*bars\.idx, .* started with .*labels\.idx/],
      ["--seed", "2", /--seed is 2, .* started with 1/],
      ["--steps", "4", /--steps is 4, .* started with 3/],
      ["--shift", "1", /--shift is 1, .* started with 0/],
      ["--outliers", "noise", /--outliers is noise, .* started with no --outliers/],
    ];
    for (const [option, value, message] of cases) await refused(message, ...resume, option, value);
    cpSync(at("run"), at("same"), { recursive: true });
    const same = ["--resume", "--out", at("same"), "--updates", "61", ...short, "--arch", "mlp"];
    expect(await train(...same, "--data", relative(".", at("bars.idx")))).toMatchObject({ updates: 61 });
  });
});

describe("a training run that is interrupted", () => {
  it("keeps its history and says how to go on", async () => {
    const limits = ["--updates", "100000", "--checkpoint-every", "50ms"];
    const run = jem("train", ...data, ...short, "--out", at("stopped"), ...limits);
    const isKept = () => existsSync(at("stopped/history.csv")) && steps("stopped").length > 1;
    await expect.poll(isKept, { timeout: 240_000 }).toBe(true);
    process.emit("SIGINT");
    const { code, stdout, stderr } = await run;
    expect([code, stdout]).toEqual([130, ""]);
    const [, update] = /update (\d+) is kept; go on with basin jem train --resume --out .*stopped/.exec(
      stderr,
    ) as RegExpExecArray;
    expect(steps("stopped")).toHaveLength(Math.floor(Number(update) / 20));
    const more = ["--resume", "--updates", String(Number(update) + 40), "--out", at("stopped")];
    expect(await train(...more)).toMatchObject({ resumedFrom: Number(update) });
    expect(steps("stopped")).toHaveLength(Math.floor(Number(update) / 20) + 2);
  });
});

describe("basin jem train", () => {
  it("says what is wrong with a run.json", async () => {
    cpSync(at("run"), at("torn"), { recursive: true });
    const resume = ["--resume", "--updates", "70", "--out", at("torn")];
    writeFileSync(at("torn/run.json"), '{\n"data": "mn');
    await refused(/torn\/run\.json is damaged: /, ...resume);
    writeFileSync(at("torn/run.json"), "null");
    await refused(/run\.json is damaged: data is undefined, expected a string/, ...resume);
    const { version: _, ...old } = plan("run");
    writeFileSync(at("torn/run.json"), JSON.stringify(old));
    await refused(/run\.json is of version undefined, expected 2; start the run anew/, ...resume);
  });

  it("ends where no folder can be made", async () => {
    const out = (path: string) => [...data, ...short, "--updates", "2", "--out", path];
    await refused(/labels\.idx/, ...out(join(at("labels.idx"), "inside")));
    if (process.platform === "linux") await refused(/\/proc\/x/, ...out("/proc/x"));
  });

  it("keeps paths whole, so that the model works from any folder", async () => {
    const paths = ["--data", relative(".", at("bars.idx")), "--labels", relative(".", at("labels.idx"))];
    await train(...paths, ...short, "--out", at("moved"), "--updates", "2");
    const card = JSON.parse(readFileSync(at("moved/basin.json"), "utf8"));
    expect([card.data, card.labelsFile]).toEqual([at("bars.idx"), at("labels.idx")]);
    expect([plan("moved").data, plan("moved").labels]).toEqual([at("bars.idx"), at("labels.idx")]);
  });

  it("takes no labels for a set that has them", async () => {
    const labels = ["--labels", at("labels.idx")];
    await refused(/--labels is .*, but mnist has labels of its own/, ...labels, "--out", at("named"));
    expect(existsSync(at("named"))).toBe(false);
  });
});

describe("a training run that could not begin", () => {
  it("leaves its folder free for another", async () => {
    const out = ["--out", at("typed"), ...short, "--updates", "2"];
    await refused(/missing\.idx/, ...out, "--data", at("missing.idx"), "--labels", at("labels.idx"));
    await refused(/unknown architecture/, ...out, ...data, "--arch", "rnn");
    await refused(/mistyped\.idx/, ...out, "--data", at("bars.idx"), "--labels", at("mistyped.idx"));
    expect(existsSync(at("typed"))).toBe(false);
    expect(await train(...out, ...data)).toMatchObject({ updates: 2 });
  });
});
