import { crc32, deflateSync } from "node:zlib";
import { ArgumentError, BasinError } from "@basin/energy-core";
import {
  encodeNpy,
  gunzip,
  imageMask,
  ndarrayOf,
  parseCsv,
  parseIdx,
  parseImage,
  parseNpy,
  readArray,
  readImages,
  shapedImages,
  unitImages,
} from "@basin/energy-core/data";
import { describe, expect, test } from "vitest";

const text = (value: string) => new TextEncoder().encode(value);
const bytesOf = (...parts: ArrayLike<number>[]) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const word = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];

function chunk(name: string, data: ArrayLike<number> = []): Uint8Array {
  const body = bytesOf(text(name), data);
  return bytesOf(word(data.length), body, word(crc32(body)));
}

interface Header {
  readonly depth?: number;
  readonly color?: number;
  readonly interlace?: number;
}

/** A PNG file with the rows as they are stored, each after its filter. */
function png(size: [number, number], rows: readonly number[], header: Header = {}, ...more: Uint8Array[]) {
  const { depth = 8, color = 0, interlace = 0 } = header;
  const head = chunk("IHDR", [...size.flatMap(word), depth, color, 0, 0, interlace]);
  const data = chunk("IDAT", deflateSync(Uint8Array.from(rows)));
  return bytesOf([137, 80, 78, 71, 13, 10, 26, 10], head, ...more, data, chunk("IEND"));
}

const GRAY = png([2, 2], [0, 1, 2, 0, 3, 4]);
const jpeg = (height: number, width: number) =>
  bytesOf([
    255,
    216,
    255,
    192,
    0,
    11,
    8,
    ...word(height).slice(2),
    ...word(width).slice(2),
    1,
    1,
    17,
    0,
    255,
    217,
  ]);

function npy(header: string, body: ArrayLike<number> = []): Uint8Array {
  return bytesOf([0x93], text("NUMPY"), [1, 0, header.length + 1, 0], text(`${header}\n`), body);
}

describe("parseImage", () => {
  test.each<[string, Uint8Array, string]>([
    ["a PGM of 2^48 pixels", text("P5 16777216 16777216 255 abc"), "expected 16777216 × 16777216 pixels"],
    [
      "a plain one",
      text("P2 16777216 16777216 255 1 2"),
      "the file ends, expected 16777216 × 16777216 pixels",
    ],
    ["a PGM without width", text("P5 0 1 255 "), 'the width: found "0", expected an integer from 1'],
    ["a second image", text("P5 1 1 255 aP5 1 1 255 b"), "byte 12: 12 bytes follow the pixels"],
    ["numbers that follow", text("P2 1 1 255 1 2"), "byte 13: 1 bytes follow the pixels"],
    ["a decimal number", text("P2 1 1 255 1.5"), 'pixel 0: found "1.5", expected an integer from 0 to 255'],
    ["a pixel above white", text("P5 1 1 10 a"), "byte 10: pixel 0 is 97, expected at most 10"],
    ["a comment before the pixels", text("P5 1 1 255 # c\na"), "4 bytes follow the pixels"],
    ["a magic number with more digits", text("P21 1 255 7"), "expected white space after the magic number"],
    [
      "GIF",
      text("GIF89a"),
      "47 49 46 38 of a GIF image, which is not read, expected a PNG, PGM or JPEG image",
    ],
    ["WebP", text("RIFF0000WEBP"), "of a WebP image, which is not read"],
    ["PPM", text("P6 1 1 255 abc"), "of a PBM, PPM or PAM image, which is not read"],
    ["HEIC", text("0000ftypheic"), "of a HEIC or AVIF image"],
    ["TIFF", text("II*\0"), "of a TIFF image"],
    ["a page", text("<!doctype html>"), "of an SVG drawing or a page"],
    ["nothing", text(""), "the file is empty, expected a PNG, PGM or JPEG image"],
    [
      "a PNG of 2^62 pixels",
      png([2 ** 31 - 1, 2 ** 31 - 1], [0]),
      "pixels, more than a file of 66 bytes can hold",
    ],
    ["a PNG of 3.6 billion", png([60_000, 60_000], [0]), "announces 60000 × 60000 pixels, more than"],
    ["a PNG without width", png([0, 5], [0]), "announces 0 × 5 pixels, expected at least one"],
    ["a PNG that is cut", GRAY.subarray(0, 50), 'the file ends in the chunk "IDAT"'],
    ["a PNG without end", GRAY.subarray(0, -12), 'the file ends in the chunk "", expected chunks up to IEND'],
    ["a signature alone", GRAY.subarray(0, 8), "the file ends in the chunk"],
    ["too few rows", png([4, 4], [0, 1, 2, 3, 4]), "the data of its pixels end early"],
    ["a palette that is missing", png([1, 1], [0, 0], { color: 3 }), "no chunk PLTE that holds it"],
    ["a color beyond it", png([1, 1], [0, 5], { color: 3 }, chunk("PLTE", [1, 2, 3])), "not a readable PNG"],
    [
      "interlaced bits",
      png([1, 1], [0, 128], { depth: 1, interlace: 1 }),
      "interlaced with a bit depth of 1",
    ],
    ["a JPEG without pixels", jpeg(0, 0), "the image has 0 × 0 pixels"],
    [
      "a JPEG of 4 billion",
      jpeg(65_535, 65_535),
      "the image announces more pixels than are read, 100 million",
    ],
  ])("refuses %s", (_, file, message) => {
    expect(() => parseImage(file, { file: "a" })).toThrow(message);
    expect(() => parseImage(file, { file: "a" })).toThrow(BasinError);
  });

  test.each<[string, Uint8Array, number[], number[]]>([
    ["a PGM whose lines end as in Windows", text("P5\r\n2 1\r\n255\r\nab"), [97, 98], [1, 2]],
    ["a line after the pixels", text("P5 2 1 255 ab\n"), [97, 98], [1, 2]],
    ["rows interlaced", png([2, 2], [0, 1, 0, 2, 0, 3, 4], { interlace: 1 }), [1, 2, 3, 4], [2, 2]],
    [
      "the gray of two bits that stands for nothing",
      png([4, 1], [0, 0b00011011], { depth: 2 }, chunk("tRNS", [0, 1])),
      [0, 255, 85, 0, 170, 255, 255, 255],
      [1, 4, 2],
    ],
  ])("reads %s", (_, file, data, shape) => {
    const image = parseImage(file);
    expect({ data: [...image.data], shape: image.shape }).toEqual({ data, shape });
  });
});

describe("values that are no file", () => {
  const values = [undefined, null, "P2 1 1 1 0", 5, {}, [80, 50], new ArrayBuffer(8), Float64Array.of(1)];

  test.each(Object.entries({ parseImage, parseIdx, parseNpy }))("%s names their kind", (_, parse) => {
    for (const value of values)
      expect(() => parse(value as Uint8Array)).toThrow(
        /^bytes is .*, expected the bytes of a file as a Uint8Array$/,
      );
    expect(() => parse(new ArrayBuffer(8) as never)).toThrow(
      "bytes is an ArrayBuffer (wrap it: new Uint8Array(",
    );
    expect(() => parse(new Uint8Array(0))).toThrow(/the file (is empty|ends), expected/);
  });

  test("so do the others, of bytes, text, names and arrays", async () => {
    await expect(gunzip("text" as never)).rejects.toThrow(
      'bytes is the string "text", expected the bytes of a file',
    );
    expect(() => parseCsv(undefined as never)).toThrow("text is undefined, expected the text of a table");
    await expect(readArray(undefined as never)).rejects.toThrow(
      "path is undefined, expected the name of a file",
    );
    await expect(readImages(5 as never)).rejects.toThrow("path is 5, expected the name of a file or folder");
    await expect(readImages("missing.png")).rejects.toThrow("missing.png: cannot be read: ENOENT");
    expect(() => unitImages(undefined as never)).toThrow(
      "images is undefined, expected an array { data, shape }",
    );
    expect(() => shapedImages([0, 1] as never, [1, 2])).toThrow(
      "images is an array of length 2, expected an array {",
    );
    expect(() => imageMask(undefined as never, "lower")).toThrow(
      "shape is undefined, expected a list of numbers",
    );
    expect(() => imageMask([2.5, 2], "lower")).toThrow("shape[0] is 2.5, expected an integer at least 0");
  });
});

describe("arrays", () => {
  test.each<[string, string, string]>([
    [
      "of records",
      "{'descr': [('x', '<f8')], 'shape': (1,), }",
      "element type in the header {'descr': [('x', '<f8')]",
    ],
    [
      "of a type that objects have",
      "{'descr': '<constructor', 'shape': (1,), }",
      'element type "<constructor"',
    ],
    ["of a shape without commas", "{'descr': '|u1', 'shape': (1 2), }", "no shape in the header"],
    [
      "of 2^48 bytes",
      "{'descr': '|u1', 'shape': (281474976710656,), }",
      "0 bytes of elements, expected 281474976710656",
    ],
  ])("of NumPy %s are refused", (_, header, message) => expect(() => parseNpy(npy(header))).toThrow(message));

  test("have as many elements as their shape", () => {
    expect(() => ndarrayOf(new Uint8Array(6), [2, 2])).toThrow("data has length 6, expected 4");
    expect(() => ndarrayOf(new Uint8Array(6), [-2, -3])).toThrow(ArgumentError);
    expect(() => encodeNpy(new Float64Array(2), undefined as never)).toThrow("shape is undefined");
    const floats = Float32Array.of(1.5, -2) as ArrayLike<number> as Float64Array;
    expect([...parseNpy(encodeNpy(floats, [2])).data]).toEqual([1.5, -2]);
  });
});

describe("parseCsv", () => {
  test.each([
    ["<html><body>404</body></html>", 'line 1: the only line holds no number: "<html>'],
    ["[[1,2],[3,4]]", "the only line holds no number"],
    [",x,y\n0,1,2\n", "line 1: column 1 has no name, as the index that pandas and R write"],
    ['"","x"\n"1",2\n', "column 1 has no name"],
  ])("refuses %j, whose numbers would be none or an index", (table, message) => {
    expect(() => parseCsv(table)).toThrow(message);
  });

  test("reads a heading without rows where it is said to be one", () => {
    expect(parseCsv("x,y\n", { header: true })).toMatchObject({ shape: [0, 2], columns: ["x", "y"] });
  });
});
