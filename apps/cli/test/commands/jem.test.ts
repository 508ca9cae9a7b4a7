import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { decode } from "fast-png";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { encodeGray } from "../../src/pictures.ts";
import { resultOf } from "../basin.ts";
import { bars, COUNT, idx, jem, scratchFolder, short } from "../jem-data.ts";

const { folder, at } = scratchFolder();

const data = ["--data", at("bars.idx"), "--labels", at("labels.idx")];

beforeAll(async () => {
  const { images, labels } = bars(1);
  writeFileSync(at("bars.idx"), idx([COUNT, 6, 6], images));
  writeFileSync(at("labels.idx"), idx([COUNT], labels));
  const { code, stderr } = await jem("train", ...data, ...short, "--out", at("model"), "--updates", "300");
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("basin:")]);
});

describe("basin jem train", () => {
  it("writes a model that tfjs loads as its own, and what it saw on the way", async () => {
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync(at("model/model.json"), "utf8"));
    const weights = Uint8Array.from(readFileSync(at("model/weights.bin")));
    const net = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: weights.buffer,
      }),
    );
    expect(net.inputs[0].shape).toEqual([null, 36]);
    const { images, labels } = bars(2);
    const logits = net.predict(
      tf.tensor2d(
        Float32Array.from(images, (byte) => byte / 255),
        [COUNT, 36],
      ),
    ) as tf.Tensor;
    const hits = logits.argMax(1).equal(tf.tensor1d(labels, "int32")).mean().dataSync()[0];
    expect(hits).toBeGreaterThan(0.97);
    const history = readFileSync(at("model/history.csv"), "utf8").trim().split("\n");
    expect(history).toHaveLength(16);
    expect(history[0]).toMatch(/^step,seconds,crossEntropy,.*sampleSpread$/);
  });

  it("does not run over what is there, and goes on only with what is", async () => {
    const again = await jem("train", ...data, ...short, "--out", at("model"), "--updates", "10");
    expect(again).toMatchObject({ code: 2, stdout: "" });
    expect(again.stderr).toMatch(/holds a run already; give --resume/);
    const nothing = await jem("train", "--resume", "--out", at("empty"));
    expect(nothing).toMatchObject({ code: 2, stdout: "" });
    expect(nothing.stderr).toMatch(/holds no run to go on with/);
  });

  it("takes a network of the user's own, and convolutions", async () => {
    for (const [arch, name] of [
      [join(import.meta.dirname, "../fixtures/network.ts"), "own"],
      ["cnn", "cnn"],
    ]) {
      const { stdout } = await jem(
        ...["train", ...data, ...short, "--arch", arch, "--out", at(name), "--updates", "6", "--json"],
      );
      expect(resultOf(stdout)).toMatchObject({ updates: 6, engine: "tfjs" });
      const { code } = await jem("score", at(name), at("bars.idx"));
      expect(code).toBe(0);
    }
  });

  it("prints the margins of energy fine-tuning", async () => {
    const { stdout } = await jem(
      ...["train", ...data, ...short, "--out", at("tuned"), "--updates", "4", "--outliers", "noise"],
    );
    expect(stdout).toMatch(/margins {8}m_in -?\d+\.\d{3}, m_out -?\d+\.\d{3}/);
  });

  it("says what is wrong with data, architectures and labels, with nothing on stdout", async () => {
    const bytes = bars(3);
    writeFileSync(at("cut.idx"), idx([COUNT, 6, 6], bytes.images).subarray(0, 500));
    writeFileSync(at("few.idx"), idx([3], Uint8Array.of(0, 1, 0)));
    writeFileSync(at("nan.csv"), "0,NaN\n1,2\n");
    const cases: [RegExp, string[]][] = [
      [/cut\.idx/, ["--data", at("cut.idx"), "--labels", at("labels.idx")]],
      [/400 images, but there are 3 labels/, ["--data", at("bars.idx"), "--labels", at("few.idx")]],
      [/has no classes; give --labels/, ["--data", at("bars.idx")]],
      [/unknown architecture "rnn"; known: mlp, cnn/, [...data, "--arch", "rnn"]],
      [/missing\.idx|ENOENT/, ["--data", at("missing.idx"), "--labels", at("labels.idx")]],
    ];
    for (const [k, [message, args]] of cases.entries()) {
      const { code, stdout, stderr } = await jem(
        "train",
        ...args,
        ...short,
        "--updates",
        "5",
        "--out",
        at(`bad${k}`),
      );
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(message);
    }
  });
});

describe("a training run that is killed", () => {
  const main = join(import.meta.dirname, "../../src/main.ts");
  const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
  const preload = new URL("../fixtures/kill-in-write.ts", import.meta.url).href;
  const start = (flags: readonly string[], ...args: string[]) =>
    spawnSync(process.execPath, [...flags, main, "jem", "train", ...args], {
      ...{ stdio: "ignore", env: { ...process.env, BASIN_KILL_AT: "renamed 2" } },
    });

  it("goes on from its checkpoint to the very same weights", async () => {
    const common = [...data, "--steps", "8", "--seed", "1", "--workers", "1", "--checkpoint-every", "20ms"];
    expect(start(flags, ...common, "--updates", "60", "--out", at("whole"))).toMatchObject({ status: 0 });
    const killed = start(
      [...flags, "--import", preload],
      ...common,
      "--updates",
      "60",
      "--out",
      at("killed"),
    );
    expect(killed).toMatchObject({ status: null, signal: "SIGKILL" });
    expect(["run.checkpoint", "model.json"].map((name) => existsSync(at(`killed/${name}`)))).toEqual([
      true,
      false,
    ]);
    const { code, stderr } = await jem(
      "train",
      "--resume",
      "--updates",
      "60",
      "--workers",
      "1",
      "--out",
      at("killed"),
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("basin:")]);
    expect(readFileSync(at("killed/weights.bin")).equals(readFileSync(at("whole/weights.bin")))).toBe(true);
  });

  it("refuses a checkpoint with a flipped byte", async () => {
    cpSync(at("killed"), at("flipped"), { recursive: true });
    const path = at("flipped/run.checkpoint");
    const bytes = readFileSync(path);
    for (const place of [20, statSync(path).size >> 1, statSync(path).size - 9]) {
      const wrong = Buffer.from(bytes);
      wrong[place] ^= 16;
      writeFileSync(path, wrong);
      const { code, stdout, stderr } = await jem(
        "train",
        "--resume",
        "--updates",
        "900",
        "--out",
        at("flipped"),
      );
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/checkpoint/);
    }
  });

  it("keeps the last checkpoint and says so when the disk does not take another", async () => {
    const path = at("killed/run.checkpoint");
    const before = readFileSync(path);
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const files = process.getBuiltinModule("node:fs/promises");
    const { open } = files;
    vi.spyOn(files, "open").mockImplementation(async (file, ...how) => {
      if (String(file).includes("run.checkpoint")) throw full;
      return open(file, ...how);
    });
    const { code, stdout, stderr } = await jem(
      ...["train", "--resume", "--updates", "120", "--workers", "1", "--out", at("killed")],
    );
    vi.restoreAllMocks();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("the checkpoint could not be saved (ENOSPC: no space left on device)");
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe("basin jem evaluate, generate, complete and score", () => {
  it("judges a model beside baselines, on outliers made and given", async () => {
    const ood = `rotated,inverted,noise,${at("bars.idx")}`;
    const { stdout } = await jem(
      ...["evaluate", at("model"), "--ood", ood, "--attacked", "20", "--json"],
      ...["--plot", at("reliability.svg")],
    );
    const found = resultOf(stdout);
    expect(found.accuracy).toBeGreaterThan(0.9);
    expect(found.calibration.expectedCalibrationError).toBeLessThan(0.3);
    // Every image of the half that it is fitted to is classified rightly, so that the surer the better.
    expect(found.temperature).toEqual({ fitted: 0 });
    expect(found.outliers.map((set: { outliers: string }) => set.outliers)).toEqual(ood.split(","));
    const [rotated, inverted] = found.outliers;
    expect(inverted.scores.map(({ score }: { score: string }) => score)).toEqual([
      "energy",
      "max-softmax",
      "max-logit",
      "approximate-mass",
      "k-nearest-neighbors",
      "baseline: residual of 36 principal components",
      "baseline: brightness",
    ]);
    expect(inverted.scores[0].auroc).toBeGreaterThan(0.9);
    // A bar turned round is a bar, and as bright.
    expect(Math.abs(rotated.scores[6].auroc - 0.5)).toBeLessThan(1e-9);
    expect(found.robustness).toHaveLength(4);
    expect(readFileSync(at("reliability.svg"), "utf8")).toMatch(/^<svg|^<figure/);
    const text = await jem("evaluate", at("model"), "--ood", "noise", "--attacked", "0");
    expect(text.stdout).toMatch(/expected calibration error {2}\d\.\d{4} \(adaptive/);
  });

  it("draws images of a class, with a picture", async () => {
    const args = ["--class", "1", "--count", "12", "--steps", "100", "--seed", "2"];
    const { stdout } = await jem(
      "generate",
      at("model"),
      ...args,
      "--png",
      at("model/samples.png"),
      "--json",
    );
    const found = resultOf(stdout);
    expect(found).toMatchObject({ classes: [1], classNames: ["1"] });
    expect(found.classifiedAsTheirClass).toBeGreaterThanOrEqual(0);
    expect(found.frechet.trainingInputs).toBeLessThan(found.frechet.samples);
    expect(found.nearestTrainingInput.samples).toBeGreaterThan(0);
    expect(decode(readFileSync(at("model/samples.png")))).toMatchObject({ width: 78, height: 14 });
    const wrong = await jem("generate", at("model"), "--class", "2", "--no-judge");
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toMatch(/class is 2, the model has the classes 0, 1/);
  });

  it("completes test images whose left half is shown, which stays as it is", async () => {
    const args = ["--mask", "right", "--count", "12", "--steps", "100", "--seed", "2"];
    const png = ["--png", at("model/completed.png")];
    const { stdout } = await jem("complete", at("model"), ...args, ...png, "--json");
    const { whole, completed, completedAsItsClass, filledWithTheMean, ...rest } = resultOf(stdout);
    expect(rest).toMatchObject({ images: 12, classNames: ["0", "1"] });
    expect(whole).toEqual({ classifiedRightly: 1, rootMeanSquareError: 0 });
    expect(completed.rootMeanSquareError).toBeGreaterThan(0);
    expect(completed.rootMeanSquareError).toBeLessThan(1);
    expect(completedAsItsClass.classifiedRightly).toBeGreaterThan(0.5);
    expect(filledWithTheMean.rootMeanSquareError).toBeGreaterThan(0);
    // Rows of images of 6 × 6, two pixels apart: whole, half, completed, completed as their class.
    const { width, height, data: pixels } = decode(readFileSync(at("model/completed.png")));
    expect([width, height]).toEqual([94, 30]);
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < width; x++) {
        if (x % 8 < 3)
          for (const row of [16, 24]) expect(pixels[(row + y) * width + x]).toBe(pixels[y * width + x]);
        else if (x % 8 < 6) expect(pixels[(8 + y) * width + x]).toBe(128);
      }
    const text = await jem("complete", at("model"), "--count", "3", "--steps", "5");
    expect(text.stdout).toMatch(/completed by the model +\d\.\d{4} +\d\.\d{4}/);
    const wrong = await jem("complete", at("model"), "--mask", "middle");
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
  });

  it("scores images from files, with the threshold of the test images", async () => {
    const { images } = bars(4);
    writeFileSync(at("bar.png"), encodeGray({ width: 6, height: 6, pixels: images.slice(0, 36) }));
    writeFileSync(at("gray.png"), encodeGray({ width: 6, height: 6, pixels: new Uint8Array(36).fill(128) }));
    const { stdout } = await jem("score", at("model"), at("bar.png"), at("gray.png"), "--json");
    const { images: rows, threshold } = resultOf(stdout);
    expect(rows[0]).toMatchObject({ image: at("bar.png"), class: 0, outlier: false });
    expect(rows[0].energy).toBeLessThan(threshold);
    expect(rows[1]).toMatchObject({ image: at("gray.png"), outlier: true });
    writeFileSync(at("large.png"), encodeGray({ width: 7, height: 7, pixels: new Uint8Array(49) }));
    writeFileSync(at("wide.png"), encodeGray({ width: 9, height: 4, pixels: new Uint8Array(36) }));
    for (const [name, shape] of [
      ["large.png", "7, 7"],
      ["wide.png", "4, 9"],
    ]) {
      const wrong = await jem("score", at("model"), at(name));
      expect(wrong).toMatchObject({ code: 2, stdout: "" });
      expect(wrong.stderr).toContain(`shape [${shape}], the model takes [6, 6]`);
    }
  });

  it("refuses a model with a flipped byte, and a folder without one", async () => {
    for (const name of ["weights.bin", "model.json"]) {
      const copy = at(`copy-${name}`);
      cpSync(at("model"), copy, { recursive: true });
      const bytes = readFileSync(join(copy, name));
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(join(copy, name), bytes);
      const { code, stdout, stderr } = await jem("score", copy, at("bars.idx"));
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/is damaged or was changed: its SHA-256/);
    }
    const { code, stderr } = await jem("evaluate", folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/holds no trained model/);
  });
});
