import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ndarrayOf, parseImage, readArray } from "@basin/energy-core/data";
import { createRng } from "@basin/energy-core/random";
import { encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { simplified, withChannels } from "../../src/data/channels.ts";
import { readImageFolder } from "../../src/data/files.ts";

const [WIDTH, HEIGHT] = [6, 5];
const PIXELS = WIDTH * HEIGHT;
const rng = createRng(4);
const gray = Uint8Array.from({ length: PIXELS }, () => rng.index(256));
const colors = Uint8Array.from({ length: 3 * PIXELS }, () => rng.index(256));
const spread = (values: Uint8Array, channels: number, alpha: (pixel: number) => number = () => 255) =>
  Uint8Array.from({ length: channels * values.length }, (_, i) =>
    channels % 2 === 0 && i % channels === channels - 1
      ? alpha(Math.floor(i / channels))
      : values[Math.floor(i / channels)],
  );
const png = (data: Uint8Array | Uint16Array, channels: number, more: object = {}) =>
  encode({
    width: WIDTH,
    height: HEIGHT,
    data,
    channels,
    depth: data instanceof Uint16Array ? 16 : 8,
    ...more,
  });
const ramp = Array.from({ length: 256 }, (_, level) => [level, level, level]);

/** The same gray picture as programs save it. */
const SAVED: [name: string, file: Uint8Array][] = [
  ["gray", png(gray, 1)],
  ["gray with opaque alpha", png(spread(gray, 2), 2)],
  ["colors", png(spread(gray, 3), 3)],
  ["colors with opaque alpha", png(spread(gray, 4), 4)],
  ["a palette", png(gray, 1, { palette: ramp })],
];

describe("a gray image", () => {
  it.each(SAVED)("is the same however a program saved it: %s", (_, file) => {
    const image = simplified(parseImage(file));
    expect(image.shape).toEqual([HEIGHT, WIDTH]);
    expect(image.data).toEqual(gray);
    expect(withChannels(parseImage(file), 3)).toMatchObject({
      shape: [HEIGHT, WIDTH, 3],
      data: spread(gray, 3),
    });
    expect(withChannels(parseImage(file), 4).data).toEqual(spread(gray, 4));
  });

  it("is so in 16 bits and as numbers from 0 to 1", () => {
    const deep = Uint16Array.from(gray, (v) => 257 * v);
    const wide = Uint16Array.from(spread(gray, 4), (v) => 257 * v);
    expect(simplified(parseImage(png(wide, 4))).data).toEqual(deep);
    const floats = ndarrayOf(
      Float32Array.from(spread(gray, 4), (v) => v / 255),
      [HEIGHT, WIDTH, 4],
    );
    expect(simplified(floats).data).toEqual(Float32Array.from(gray, (v) => v / 255));
  });

  it("of ink on nothing takes a background, which decides what it is", () => {
    const ink = png(
      Uint8Array.from(
        spread(gray, 4, (pixel) => gray[pixel]),
        (v, i) => (i % 4 === 3 ? v : 0),
      ),
      4,
    );
    const image = parseImage(ink);
    expect(simplified(image).shape).toEqual([HEIGHT, WIDTH, 2]);
    expect(() => withChannels(image, 1)).toThrow(
      /transparent in places, and 1 channel was asked for: give background "black" or "white"/,
    );
    expect(withChannels(image, 1, { background: "white" }).data).toEqual(gray.map((v) => 255 - v));
    expect(withChannels(image, 1, { background: "black" }).data).toEqual(new Uint8Array(PIXELS));
  });

  it("of one color that stands for nothing is transparent there", () => {
    const key = png(spread(gray, 3), 3);
    // A tRNS chunk that names the color of the first pixel, put in before the data.
    const at = findChunk(key, "IDAT");
    const keyed = Buffer.concat([
      key.subarray(0, at),
      chunk("tRNS", [0, gray[0], 0, gray[0], 0, gray[0]]),
      key.subarray(at),
    ]);
    const image = parseImage(keyed);
    expect(image.shape).toEqual([HEIGHT, WIDTH, 4]);
    for (let p = 0; p < PIXELS; p++) expect(image.data[4 * p + 3]).toBe(gray[p] === gray[0] ? 0 : 255);
  });
});

describe("an image with colors", () => {
  const image = ndarrayOf(colors, [HEIGHT, WIDTH, 3]);

  it("stays what it is, and becomes gray on the word of the option alone", () => {
    expect(simplified(image)).toBe(image);
    expect(() => withChannels(image, 1)).toThrow(/has colors, and gray was asked for: give gray/);
    const found = withChannels(image, 1, { gray: true }).data;
    for (let p = 0; p < PIXELS; p++)
      expect(found[p]).toBe(
        Math.round(0.299 * colors[3 * p] + 0.587 * colors[3 * p + 1] + 0.114 * colors[3 * p + 2]),
      );
    expect(() => withChannels(image, 5)).toThrow(/channels is 5/);
  });

  it("is read from JPEG, whatever the file is called", async () => {
    const file = Uint8Array.from(
      encodeJpeg({ width: WIDTH, height: HEIGHT, data: spread(new Uint8Array(PIXELS).fill(90), 4) }, 100)
        .data,
    );
    const found = parseImage(file);
    expect(found.shape).toEqual([HEIGHT, WIDTH, 3]);
    for (const value of found.data) expect(Math.abs(value - 90)).toBeLessThan(3);
    expect(simplified(found).shape).toEqual([HEIGHT, WIDTH]);
    expect(() => parseImage(file.subarray(0, 300), { file: "cut.jpg" })).toThrow(
      /cut\.jpg: not a readable JPEG/,
    );
    for (const little of [true, false])
      expect(() => parseImage(turned(file, 6, little), { file: "p.jpg" })).toThrow(
        /p\.jpg: the photo is stored turned \(EXIF orientation 6\)/,
      );
    expect(parseImage(turned(file, 1, true)).shape).toEqual([HEIGHT, WIDTH, 3]);
  });
});

/** A JPEG with an EXIF block that states an orientation. */
function turned(file: Uint8Array, orientation: number, little: boolean): Uint8Array {
  const tiff = new DataView(new ArrayBuffer(26));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little);
  tiff.setUint16(10, 0x0112, little);
  tiff.setUint16(12, 3, little);
  tiff.setUint32(14, 1, little);
  tiff.setUint16(18, orientation, little);
  const body = Buffer.concat([Buffer.from("Exif\0\0"), Buffer.from(tiff.buffer)]);
  const head = Uint8Array.of(0xff, 0xe1, 0, body.length + 2);
  return Buffer.concat([file.subarray(0, 2), head, body, file.subarray(2)]);
}

function findChunk(file: Uint8Array, name: string): number {
  return Buffer.from(file).indexOf(name) - 4;
}

function chunk(name: string, data: readonly number[]): Uint8Array {
  const body = Buffer.concat([Buffer.from(name), Uint8Array.from(data)]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let k = 0; k < 8; k++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

describe("a folder of images", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "images-"));
    for (const kind of ["gray", "mixed", "wrong"]) await mkdir(join(folder, kind));
    for (const [i, [, file]] of SAVED.entries()) {
      await writeFile(join(folder, "gray", `${i}.png`), file);
      await writeFile(join(folder, "mixed", `${i}.png`), file);
    }
    await writeFile(join(folder, "mixed", "colors.png"), png(colors, 3));
    await writeFile(join(folder, "wrong", "a.png"), "RIFF....WEBP");
    const jpeg = encodeJpeg({ width: WIDTH, height: HEIGHT, data: spread(gray, 4) }, 90).data;
    await writeFile(join(folder, "mistitled.png"), jpeg);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("has the fewest channels that lose nothing of any, and says what that changed", async () => {
    const plain = await readImageFolder(join(folder, "gray"));
    expect(plain).toMatchObject({
      shape: [5, HEIGHT, WIDTH],
      readAs: "4 of 5 images, stored with other channels, as gray",
    });
    const mixed = await readImageFolder(join(folder, "mixed"));
    expect(mixed).toMatchObject({
      shape: [6, HEIGHT, WIDTH, 3],
      readAs: "3 of 6 images, stored with other channels, as colors",
    });
  });

  it("is read by what files begin with, not by their names", async () => {
    expect((await readArray(join(folder, "mistitled.png"))).shape).toEqual([HEIGHT, WIDTH, 3]);
    await expect(readImageFolder(join(folder, "wrong"))).rejects.toThrow(
      /a\.png, byte 0: found the bytes 52 49 46 46 of a WebP image, which is not read, expected a PNG, PGM or JPEG image/,
    );
  });
});
