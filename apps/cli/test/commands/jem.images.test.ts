import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRng } from "@basin/energy-core/random";
import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { encodeGray } from "../../src/pictures.ts";
import { envelopeOf } from "../basin.ts";
import { bars, COUNT, idx, jem, jemRefused, jemResult, scratchFolder, short } from "../jem-data.ts";

const { at } = scratchFolder();
const { images, labels } = bars(1);
const card = (name: string) => JSON.parse(readFileSync(at(`${name}/basin.json`), "utf8"));
const barImage = (i: number) =>
  encodeGray({ width: 6, height: 6, pixels: images.slice(36 * i, 36 * (i + 1)) });

/** A NumPy file of float32. */
function npy(shape: number[], values: ArrayLike<number>): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = `${text.padEnd(128 - 10 - 1)}\n`;
  const start = Uint8Array.of(0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0);
  return Buffer.concat([start, Buffer.from(header), new Uint8Array(Float32Array.from(values).buffer)]);
}

writeFileSync(at("bars.idx"), idx([COUNT, 6, 6], images));
writeFileSync(at("labels.idx"), idx([COUNT], labels));

describe("the classes of images", () => {
  it("are numbered without gaps, and keep their names", async () => {
    writeFileSync(
      at("gaps.idx"),
      idx(
        [COUNT],
        labels.map((label) => (label === 0 ? 3 : 7)),
      ),
    );
    const data = ["--data", at("bars.idx"), "--labels", at("gaps.idx")];
    await jemResult("train", ...data, ...short, "--updates", "200", "--out", at("gaps"));
    expect(card("gaps")).toMatchObject({ classNames: ["3", "7"] });
    const few = ["--count", "2", "--steps", "5", "--no-judge"];
    for (const [given, label] of [
      ["7", 1],
      ["0", 0],
    ] as const) {
      const drawn = await jemResult("generate", at("gaps"), "--class", given, ...few);
      expect(drawn).toMatchObject({ classes: [label], classNames: [["3", "7"][label]] });
    }
    await jemRefused(/class is 2, the model has the classes 3, 7/, "generate", at("gaps"), "--class", "2");
    writeFileSync(at("lying.png"), barImage(1));
    const [row] = (await jemResult("score", at("gaps"), at("lying.png"))).images;
    expect(row).toMatchObject({ class: 1, className: "7" });
    const evaluated = await jemResult("evaluate", at("gaps"), "--ood", "noise", "--attacked", "0");
    expect(evaluated.classes.map(({ name }: { name: string }) => name)).toEqual(["3", "7"]);
    const completed = await jem("complete", at("gaps"), "--count", "3", "--steps", "2");
    expect(completed.stdout).toContain("classes: 3, 7");
  });

  it("are named by folders", async () => {
    for (const name of ["lying", "upright"]) mkdirSync(at(`folders/${name}`), { recursive: true });
    for (let i = 0; i < 80; i++)
      writeFileSync(at(`folders/${i % 2 === 0 ? "upright" : "lying"}/${i}.png`), barImage(i));
    await jemResult("train", "--data", at("folders"), ...short, "--updates", "2", "--out", at("named"));
    expect(card("named").classNames).toEqual(["lying", "upright"]);
    const args = ["--class", "upright", "--count", "3", "--steps", "2", "--no-judge"];
    expect((await jem("generate", at("named"), ...args)).stdout).toMatch(/^3 images of class upright, /);
    const labeled = ["--data", at("folders"), "--labels", at("labels.idx"), "--out", at("twice")];
    await jemRefused(/--labels is .*, but the sub-folders of .*folders are its classes/, "train", ...labeled);
  });

  it("are those that the model was trained on", async () => {
    writeFileSync(at("gaps.idx"), idx([COUNT], labels));
    await jemRefused(/has the classes 0, 1, but the model was trained on 3, 7/, "evaluate", at("gaps"));
  });

  it("are at most 256, which bytes can tell apart", async () => {
    for (let k = 0; k <= 256; k++) {
      mkdirSync(at(`many/${k}`), { recursive: true });
      writeFileSync(at(`many/${k}/a.png`), barImage(k));
    }
    const out = ["--out", at("wrapped"), "--updates", "2", ...short];
    await jemRefused(
      /many has 257 sub-folders .* expected at most 256 classes/,
      "train",
      "--data",
      at("many"),
      ...out,
    );
  });
});

describe("the values of images", () => {
  it("lie in [0, 1], or are bytes", async () => {
    const rng = createRng(3);
    const wide = Float32Array.from(images, () => 2 * rng.uniform() - 0.5);
    [wide[5], wide[6]] = [-0.5, 1.5];
    writeFileSync(at("wide.npy"), npy([COUNT, 6, 6], wide));
    const message = /wide\.npy holds values from -0\.5 to 1\.5, expected values from 0 to 1/;
    const data = ["--data", at("wide.npy"), "--labels", at("labels.idx")];
    await jemRefused(message, "train", ...data, "--out", at("wide"), "--updates", "2");
    await jemRefused(message, "score", at("named"), at("wide.npy"));
    await jemRefused(message, "evaluate", at("named"), "--ood", at("wide.npy"));
  });
});

describe("images that programs save otherwise", () => {
  const bytes = images.slice(0, 36);
  const wide = (channels: number, value: (byte: number, k: number) => number) =>
    encode({
      width: 6,
      height: 6,
      channels,
      data: Uint8Array.from({ length: 36 * channels }, (_, i) =>
        value(bytes[Math.floor(i / channels)], i % channels),
      ),
    });
  const files: Record<string, Uint8Array> = {
    "gray.png": barImage(0),
    "rgb.png": wide(3, (byte) => byte),
    "rgba.png": wide(4, (byte, k) => (k === 3 ? 255 : byte)),
    "palette.png": encode({
      width: 6,
      height: 6,
      channels: 1,
      data: bytes,
      palette: Array.from({ length: 256 }, (_, level) => [level, level, level]),
    }),
    "inverted.png": wide(1, (byte) => 255 - byte),
    "ink.png": wide(4, (byte, k) => (k === 3 ? byte : 0)),
    "red.png": wide(3, (byte, k) => (k === 0 ? byte : 0)),
  };

  it("are scored as what they show, and refused where that takes a choice", async () => {
    for (const [name, file] of Object.entries(files)) writeFileSync(at(name), file);
    await jemResult(
      "train",
      "--data",
      at("bars.idx"),
      "--labels",
      at("labels.idx"),
      ...short,
      "--updates",
      "2",
      "--out",
      at("bars"),
    );
    const energyOf = async (...args: string[]) =>
      (await jemResult("score", at("bars"), ...args)).images[0].energy;
    const energy = await energyOf(at("gray.png"));
    const scored = await jemResult(
      "score",
      at("bars"),
      ...["rgb", "rgba", "palette"].map((name) => at(`${name}.png`)),
    );
    for (const [k, row] of scored.images.entries()) {
      expect(row.energy).toBe(energy);
      expect(row.readAs).toBe(`${[3, 4, 3][k]} channels as 1`);
    }
    expect(await energyOf(at("inverted.png"), "--invert")).toBe(energy);
    expect(await energyOf(at("ink.png"), "--background", "white", "--invert")).toBe(energy);
    expect(await energyOf(at("red.png"), "--gray")).not.toBe(energy);
    await jemRefused(
      /ink\.png: the image is transparent in places.*give --background/,
      "score",
      at("bars"),
      at("ink.png"),
    );
    await jemRefused(/red\.png: the image has colors.*give --gray/, "score", at("bars"), at("red.png"));
    await jemRefused(
      /argument 'pink' is invalid.*black, white/,
      "score",
      at("bars"),
      at("ink.png"),
      "--background",
      "pink",
    );
    expect(scored).toMatchObject({ keep: 0.95, heldOut: 40, needed: 19 });
  });

  it("are none of them outliers where there are too few test images to say", async () => {
    writeFileSync(at("few.idx"), idx([80, 6, 6], images.slice(0, 36 * 80)));
    writeFileSync(at("few-labels.idx"), idx([80], labels.slice(0, 80)));
    const data = ["--data", at("few.idx"), "--labels", at("few-labels.idx")];
    await jemResult("train", ...data, ...short, "--updates", "2", "--out", at("few"));
    const { stdout: json } = await jem("score", at("few"), at("inverted.png"), "--json");
    const { result: scored, warnings } = envelopeOf(json);
    expect(scored).toMatchObject({ heldOut: 8, needed: 19, threshold: "Infinity" });
    expect(warnings[0]).toMatch(/8 held-out energies cannot bound 0.95 .* expected at least 19/);
    expect(scored.images[0].outlier).toBe(false);
    const { stdout } = await jem("score", at("few"), at("inverted.png"));
    expect(stdout).toMatch(/^warning: no image counts as an outlier: 8 held-out/m);
  });
});
