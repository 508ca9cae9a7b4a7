import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseImage } from "@basin/energy-core/data";
import { parseMachine } from "@basin/ising/learn";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { basin, envelopeOf, lastOfEach, resultOf } from "../../basin.ts";

const ising = (...args: string[]) => basin("ising", ...lastOfEach(args));

const folder = mkdtempSync(join(tmpdir(), "basin-machine-"));
const at = (name: string) => join(folder, name);

/** 60 pictures of 4 × 4 bytes, each a bright row, as IDX; with the row as label. */
function writeStripes(): void {
  const count = 60;
  const header = (bytes: number, dimensions: number[]) => {
    const head = Buffer.alloc(4 + 4 * dimensions.length + bytes);
    head.writeUInt32BE(0x0800 + dimensions.length);
    for (const [k, length] of dimensions.entries()) head.writeUInt32BE(length, 4 + 4 * k);
    return head;
  };
  const images = header(16 * count, [count, 4, 4]);
  const labels = header(count, [count]);
  for (let k = 0; k < count; k++) {
    images.fill(250, 16 + 16 * k + 4 * (k % 4), 16 + 16 * k + 4 * (k % 4) + 4);
    labels[8 + k] = k % 4;
  }
  writeFileSync(at("stripes.idx"), images);
  writeFileSync(at("rows.idx"), labels);
  writeFileSync(at("empty.csv"), "");
}

writeStripes();
afterEach(() => {
  process.exitCode = 0;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("basin ising learn and draw", () => {
  const common = [
    "--data",
    at("stripes.idx"),
    "--hidden",
    "6",
    "--epochs",
    "1500",
    "--batch",
    "20",
    "--seed",
    "3",
  ];

  it("trains a machine that is better than coins, with the exact likelihood, and writes it", async () => {
    const { code, stdout } = await ising("learn", ...common, "--out", at("a.rbm"), "--json");
    expect(code).toBe(0);
    const report = resultOf(stdout);
    expect(report).toMatchObject({ states: 60, visible: 16, updates: 4500 });
    expect(report.logPartition.exact).toBeGreaterThan(0);
    // Sixteen coins have −11.1 nats, four equally likely pictures −1.4 and the grays a little less.
    expect(report.logLikelihood.test.mean).toBeGreaterThan(-5);
    expect(parseMachine(readFileSync(at("a.rbm"))).notes).toMatchObject({ width: 4, epochs: 1500 });
  });

  it("repeats to the bit, and goes on from a model", async () => {
    await ising("learn", ...common, "--out", at("b.rbm"), "--json");
    expect(readFileSync(at("b.rbm")).equals(readFileSync(at("a.rbm")))).toBe(false); // the time it took is in it
    const [a, b] = ["a.rbm", "b.rbm"].map((name) => parseMachine(readFileSync(at(name))).machine);
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
    const { code, stdout } = await ising("learn", ...common, "--from", at("a.rbm"), "--json");
    expect(code).toBe(0);
    expect(resultOf(stdout).logLikelihood.test.mean).toBeGreaterThan(-5);
  });

  it("keeps a training with the seed that was picked for it, and refuses it for another", async () => {
    const kept = ["learn", ...common.slice(0, -2), "--epochs", "20", "--checkpoint", at("kept"), "--json"];
    const first = envelopeOf((await ising(...kept)).stdout);
    const again = envelopeOf((await ising(...kept, "--resume")).stdout);
    expect([again.seed, again.result.logLikelihood]).toEqual([first.seed, first.result.logLikelihood]);
    // Nothing is done again: the time is that of the first training.
    expect(again.result.trainingSeconds).toBe(first.result.trainingSeconds);
    const other = await ising(...kept, "--resume", "--momentum", "0.1");
    expect([other.code, other.stdout]).toEqual([2, ""]);
    expect(other.stderr).toContain("its momentum is 0.5, this one's is 0.1");
  });

  it("learns labels", async () => {
    const { code, stdout } = await ising(
      "learn",
      ...common,
      "--classes",
      "--labels",
      at("rows.idx"),
      "--out",
      at("c.rbm"),
      "--json",
    );
    expect(code).toBe(0);
    expect(resultOf(stdout).accuracy).toEqual({ share: 1, states: 60 });
  });

  it.each([
    ["samples", 10 * 6 - 2, 4],
    ["filters", 6 * 6 - 2, 4],
    ["completions", 10 * 6 - 2, 16],
  ])("draws %s as a picture", async (what, width, height) => {
    const png = at(`${what}.png`);
    const { code, stdout } = await ising(
      "draw",
      at("a.rbm"),
      "--what",
      what,
      "--count",
      "10",
      ...(what === "completions" ? ["--data", at("stripes.idx"), "--mask", "left"] : []),
      "--seed",
      "1",
      "--png",
      png,
      "--json",
    );
    expect(code).toBe(0);
    const { shape } = parseImage(readFileSync(png));
    expect([shape[1], shape[0]]).toEqual([width, height]);
    if (what === "completions") expect(resultOf(stdout).agreement).toBeGreaterThan(0.9);
  });

  it("draws labeled samples", async () => {
    const { stdout } = await ising("draw", at("c.rbm"), "--count", "8", "--seed", "1", "--json");
    const { labels, states } = resultOf(stdout);
    expect(labels).toHaveLength(8);
    expect(states[0]).toHaveLength(16);
  });

  it.each([
    [["learn", "--data", at("none.idx")], "none.idx"],
    [["learn", "--data", at("empty.csv")], "empty.csv holds no states, expected one at least"],
    [["learn", "--data", at("stripes.idx"), "--method", "sgd"], "Allowed choices are cd, pcd"],
    [["learn", "--data", at("stripes.idx"), "--hidden", "0"], "at least 1"],
    [["learn", "--data", at("stripes.idx"), "--classes"], "--labels FILE"],
    [["learn", "--data", at("stripes.idx"), "--labels", at("rows.idx")], "it goes with --classes"],
    [["draw", at("stripes.idx")], "does not begin with BASINRBM"],
    [["draw", at("a.rbm"), "--what", "dreams"], "Allowed choices are samples, filters, completions"],
    [
      ["draw", at("a.rbm"), "--what", "completions", "--data", at("stripes.idx"), "--mask", "x"],
      "the hidden part is",
    ],
  ])("refuses %j with code 2 and nothing on stdout", async (args, message) => {
    const { code, stdout, stderr } = await ising(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
