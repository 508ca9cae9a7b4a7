import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bars, COUNT, idx, jem, jemRefused, jemResult, scratchFolder, short } from "../../jem-data.ts";

const { at } = scratchFolder();
const { images, labels } = bars(1);
writeFileSync(at("bars.idx"), idx([COUNT, 6, 6], images));
writeFileSync(at("labels.idx"), idx([COUNT], labels));
const data = ["--data", at("bars.idx"), "--labels", at("labels.idx")];
const json = (name: string) => JSON.parse(readFileSync(at(name), "utf8"));
const train = (...args: string[]) => jemResult("train", ...short, ...args);
const refused = (message: RegExp, ...args: string[]) =>
  jemRefused(message, "train", ...short, "--updates", "2", ...args);

/** A module whose default export makes a dense net of so many inputs and outputs. */
function net(name: string, inputs: string, outputs: string): string {
  const layer = `tf.layers.dense({ inputShape: [${inputs}], units: ${outputs} })`;
  writeFileSync(
    at(name),
    `export default (tf, { labels, outputs }) => tf.sequential({ layers: [${layer}] });\n`,
  );
  return at(name);
}

describe("basin jem train --head", () => {
  it("gives nets the output more that the head reads, and keeps its name", async () => {
    for (const [k, head] of ["logits+scalar", "centered+scalar"].entries()) {
      for (const [name, arch] of Object.entries({
        mlp: "mlp",
        cnn: "cnn",
        own: net("own.mjs", "36", "outputs"),
      })) {
        const out = `head${k}-${name}`;
        const found = await train(
          ...data,
          "--arch",
          arch,
          "--head",
          head,
          "--updates",
          "3",
          "--out",
          at(out),
        );
        expect(found.head).toBe(head);
        expect([json(`${out}/run.json`).head, json(`${out}/basin.json`).head]).toEqual([head, head]);
        const { code } = await jem("score", at(out), at("bars.idx"), "--json");
        expect(code).toBe(0);
      }
    }
    const resumed = ["--resume", "--out", at("head0-mlp"), "--updates", "5"];
    expect(await train(...resumed)).toMatchObject({ head: "logits+scalar", resumedFrom: 3 });
    await refused(/--head is logits, .* started with logits\+scalar/, ...resumed, "--head", "logits");
  });

  it("refuses nets of other shapes at once, and leaves no run behind", async () => {
    const out = ["--out", at("misfit")];
    const wide = net("wide.mjs", "36", "labels + 1");
    const message = /wide\.mjs gives outputs of shape \[3\], expected \[2\]: one for each of 2 classes$/m;
    await refused(message, ...data, ...out, "--arch", wide);
    await refused(
      /narrow\.mjs gives outputs of shape \[2\], expected \[3\]: .*, and the scalar that they share/,
      ...[...data, ...out, "--arch", net("narrow.mjs", "36", "labels"), "--head", "logits+scalar"],
    );
    await refused(
      /small\.mjs takes inputs of shape \[35\], expected \[6, 6\] or \[36\]/,
      ...[...data, ...out, "--arch", net("small.mjs", "35", "labels")],
    );
    expect(await train(...data, ...out, "--updates", "2")).toMatchObject({ head: "logits" });
  });
});

describe("basin jem train --batch", () => {
  const few = (name: string, count: number, of: (i: number) => number) => {
    writeFileSync(at(`${name}.idx`), idx([count, 6, 6], images.slice(0, 36 * count)));
    const bytes = Uint8Array.from({ length: count }, (_, i) => of(i));
    writeFileSync(at(`${name}-labels.idx`), idx([count], bytes));
    return ["--data", at(`${name}.idx`), "--labels", at(`${name}-labels.idx`), "--out", at(name)];
  };

  it("is 64, or what a smaller set allows", async () => {
    const small = few("small", 12, (i) => i % 2);
    const { stdout } = await jem("train", ...short, "--updates", "2", ...small);
    expect(stdout).toContain("2 updates of 10 images");
    expect(json("small/run.json").batch).toBe(10);
    expect(await train(...data, "--updates", "2", "--out", at("usual"))).toMatchObject({ batch: 64 });
    const odd = ["--batch", "7", "--updates", "2", "--out", at("odd")];
    expect(await train(...data, ...odd)).toMatchObject({ batch: 7 });
    const much = few("much", 12, (i) => i % 2);
    await refused(/--batch is 12, but .*much\.idx leaves 11 images to train on/, ...much, "--batch", "12");
  });

  it("needs two images a class, and one to hold out", async () => {
    const lone = few("lone", 5, (i) => (i === 4 ? 1 : 0));
    await refused(/class 1 of .*lone\.idx has one image, expected at least two/, ...lone);
    const pair = few("pair", 2, () => 0);
    await refused(/pair\.idx holds 2 images, expected at least three/, ...pair);
  });
});
