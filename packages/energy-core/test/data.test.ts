import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { toMatrix } from "@basin/energy-core";
import { DataError, parseCsv, parseIdx, parseImage, parseNpy, readArray } from "@basin/energy-core/data";
import { decodeText, encodeText, parseRecords, readNumber } from "@basin/energy-core/internal";
import fc from "fast-check";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readImageFolder } from "../src/data/files.ts";

const text = (value: string) => new TextEncoder().encode(value);

/** Writes .npy version `version` the way NumPy's format document describes it. */
function npy(descr: string, shape: number[], body: Uint8Array, fortran = false, version = 1): Uint8Array {
  const order = fortran ? "True" : "False";
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = text(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${axes}), }\n`);
  const size =
    version === 1
      ? [header.length & 255, header.length >> 8]
      : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.of(0x93, ...text("NUMPY"), version, 0, ...size, ...header, ...body);
}

describe("parseIdx", () => {
  it("reads every element type, big-endian", () => {
    const head = (type: number) => [0, 0, type, 1, 0, 0, 0, 2];
    expect([...parseIdx(Uint8Array.of(...head(8), 255, 1)).data]).toEqual([255, 1]);
    expect([...parseIdx(Uint8Array.of(...head(9), 255, 1)).data]).toEqual([-1, 1]);
    expect([...parseIdx(Uint8Array.of(...head(11), 255, 254, 1, 0)).data]).toEqual([-2, 256]);
    expect([...parseIdx(Uint8Array.of(...head(12), 0, 1, 0, 0, 255, 255, 255, 255)).data]).toEqual([
      65536, -1,
    ]);
    expect([...parseIdx(Uint8Array.of(...head(13), 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0)).data]).toEqual([1, -2]);
    const double = parseIdx(Uint8Array.of(0, 0, 14, 1, 0, 0, 0, 1, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0));
    expect([...double.data]).toEqual([1.5]);
    const cube = parseIdx(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4));
    expect(cube).toMatchObject({ shape: [1, 2, 2], stride: [4, 2, 1], offset: 0 });
    expect([...toMatrix(cube, Float64Array).data]).toEqual([1, 2, 3, 4]);
  });

  it("names file, offset and expectation", () => {
    const file = "train-labels-idx1-ubyte";
    const fails = (bytes: number[], message: RegExp, offset: number) => {
      try {
        parseIdx(Uint8Array.from(bytes), { file });
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
        expect(error).toMatchObject({ file, offset, message: expect.stringMatching(message) });
      }
    };
    fails([0, 0], /byte 2: the file ends, expected a 4-byte IDX header/, 2);
    fails([1, 0, 8, 1], /byte 0: found 1, 0, expected the two zero bytes/, 0);
    fails([0, 0, 7, 1], /byte 2: unknown IDX element type 7; known: 8, 9, 11, 12, 13, 14/, 2);
    fails([0, 0, 8, 2, 0, 0, 0, 1], /byte 8: .*lengths of 2 axes up to byte 12/, 8);
    fails([0, 0, 8, 1, 0, 0, 0, 3, 1, 2], /byte 10: 2 bytes of elements, expected 3/, 10);
    fails([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], /byte 9: 2 bytes of elements, expected 1/, 9);
  });
});

describe("parseNpy", () => {
  it("gives back what was written, in either byte order and memory order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 6, maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom(1, 2, 3),
        (values, big, fortran, version) => {
          const body = new Uint8Array(48);
          const view = new DataView(body.buffer);
          for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, !big);
          const array = parseNpy(npy(big ? ">f8" : "<f8", [2, 3], body, fortran, version));
          const rows = toMatrix(array, Float64Array);
          for (let r = 0; r < 2; r++) {
            for (let c = 0; c < 3; c++)
              expect(rows.data[r * 3 + c]).toBe(values[fortran ? c * 2 + r : r * 3 + c]);
          }
        },
      ),
    );
    expect([...parseNpy(npy("|u1", [3], Uint8Array.of(1, 2, 255))).data]).toEqual([1, 2, 255]);
    expect([
      ...parseNpy(npy("<i8", [1], Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255))).data,
    ]).toEqual([-1]);
    const halves = parseNpy(npy(">f2", [2, 2], Uint8Array.of(0x3c, 0, 0xc0, 0, 0x7c, 0, 0, 1))).data;
    expect(halves).toEqual(Float32Array.of(1, -2, Number.POSITIVE_INFINITY, 2 ** -24));
    expect(parseNpy(npy("<f4", [0, 3], new Uint8Array(0))).shape).toEqual([0, 3]);
  });

  it("refuses what it cannot represent", () => {
    expect(() => parseNpy(npy("<c16", [1], new Uint8Array(16)), { file: "a.npy" })).toThrow(
      /a\.npy, byte 10: unknown NumPy element type "<c16"; known: u1/,
    );
    expect(() => parseNpy(npy("<f4", [2], new Uint8Array(4)))).toThrow(/4 bytes of elements, expected 8/);
    expect(() => parseNpy(npy("<i8", [1], Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 127)))).toThrow(
      /beyond the integers/,
    );
    expect(() => parseNpy(text("hello"))).toThrow(/byte 0: found 104, expected 147/);
    expect(() => parseNpy(npy("<f4", [1], new Uint8Array(4), false, 9))).toThrow(
      /byte 6: unknown \.npy version 9/,
    );
  });
});

describe("parseCsv", () => {
  it("reads numbers, headers, quotes, comments and blank lines", () => {
    const table = parseCsv('\uFEFF# made by hand\n"first, really",y\n1, 2.5\n\n-3e2,NaN\n');
    expect(table.columns).toEqual(["first, really", "y"]);
    expect(table.shape).toEqual([2, 2]);
    expect([...table.data]).toEqual([1, 2.5, -300, NaN]);
    expect(parseCsv("1;2\n3;4", { delimiter: ";" }).columns).toBeUndefined();
    expect([...parseCsv("1,2\n3,4", { header: true }).data]).toEqual([3, 4]);
    expect(parseCsv("").shape).toEqual([0, 0]);
    expect([...parseCsv("1,1.#INF\n-1.#IND,1.5D2\n").data]).toEqual([1, Infinity, NaN, 150]);
  });

  it("names file, line and field", () => {
    const parse = (source: string) => () => parseCsv(source, { file: "t.csv" });
    expect(parse("a,b\n1,2\n3,x\n")).toThrow(/t\.csv, line 3: field 2 \("b"\) is "x", expected a number/);
    expect(parse("1,2\n3\n")).toThrow(/t\.csv, line 2: 1 fields, expected 2/);
    expect(parse("1,\n")).toThrow(/field 2 is "", expected a number/);
    expect(parse("1,0x10\n")).toThrow(/field 2 is "0x10", expected a number/);
    expect(parse("a,b\n1,NA\n")).toThrow(/field 2 \("b"\) is "NA", expected a number/);
    expect(parse("a,b\n1,2\n#NUM!,3\n")).toThrow(
      /t\.csv, line 3: field 1 \("a"\) is "#NUM!", expected a number/,
    );
    expect(parse('1,"2\n')).toThrow(/t\.csv: Quote Not Closed/);
  });
});

describe("parseRecords", () => {
  it("takes # for a comment at the beginning of a line only, and keeps the numbers of lines", () => {
    const records = parseRecords("# made\n\na,b#c\n# between\n1.#INF,#x\n#N/A,2\n");
    expect(records).toEqual([
      { fields: ["a", "b#c"], line: 3 },
      { fields: ["1.#INF", "#x"], line: 5 },
      { fields: ["#N/A", "2"], line: 6 },
    ]);
  });
});

describe("readNumber", () => {
  it("reads every number as JavaScript writes it", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(readNumber(String(value))).toBe(Object.is(value, -0) ? 0 : value);
      }),
      { seed: 5 },
    );
  });
  it.each([
    "",
    " 1",
    "1 2",
    "1_0",
    "0x1",
    "0b1",
    "NA",
    "1,5",
    "1e",
    "e1",
    ".",
    "+-1",
    "infinite",
    "nano",
    "1.#X",
  ])("finds none in %j", (text) => {
    expect(readNumber(text)).toBeUndefined();
  });
});

describe("text", () => {
  it("is UTF-8, UTF-16 by its mark, or what is left, Windows-1252", () => {
    const word = "μ, 平均 🎲";
    expect(decodeText(encodeText(word))).toBe(word);
    const marked = new Uint8Array(Buffer.from(`\uFEFF${word}`, "utf16le"));
    expect(decodeText(marked)).toBe(word);
    expect(decodeText(new Uint8Array(Buffer.from(marked).swap16()))).toBe(word);
    expect(decodeText(Uint8Array.of(0x4b, 0xf6, 0x6c, 0x6e, 0x80))).toBe("Köln€");
  });
});

describe("images", () => {
  it("read PNGs of every kind", () => {
    const gray = Uint8Array.of(0, 50, 100, 150, 200, 250);
    expect(parseImage(encode({ width: 3, height: 2, data: gray, channels: 1 }))).toMatchObject({
      shape: [2, 3],
      data: gray,
    });
    const rgb = Uint8Array.from({ length: 18 }, (_, i) => i);
    expect(parseImage(encode({ width: 3, height: 2, data: rgb, channels: 3 }))).toMatchObject({
      shape: [2, 3, 3],
      data: rgb,
    });
    const deep = Uint16Array.of(0, 1000, 65535);
    expect(parseImage(encode({ width: 3, height: 1, data: deep, channels: 1, depth: 16 }))).toMatchObject({
      shape: [1, 3],
      data: deep,
    });
    // 10 pixels of one bit, rows padded to bytes.
    const bits = Uint8Array.of(0b10100000, 0b01000000, 0b00000001, 0b10000000);
    const binary = parseImage(encode({ width: 10, height: 2, data: bits, channels: 1, depth: 1 }));
    expect(binary.shape).toEqual([2, 10]);
    expect([...binary.data].map((v) => v / 255)).toEqual([
      1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0,
    ]);
    const palette = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const indexed = parseImage(
      encode({ width: 2, height: 1, data: Uint8Array.of(1, 0), channels: 1, depth: 8, palette }),
    );
    expect(indexed).toMatchObject({ shape: [1, 2, 3] });
    expect([...indexed.data]).toEqual([4, 5, 6, 1, 2, 3]);
    const cut = encode({ width: 3, height: 2, data: gray, channels: 1 }).subarray(0, 20);
    expect(() => parseImage(cut, { file: "x.png" })).toThrow(
      /x\.png, byte 20: the file ends in the chunk "IHDR"/,
    );
    expect(() => parseImage(text("GIF"), { file: "x.png" })).toThrow(
      "x.png, byte 0: found the bytes 47 49 46, expected a PNG, PGM or JPEG image",
    );
  });

  it("read PGMs, plain and raw, 8 and 16 bits", () => {
    expect([...parseImage(text("P2 # c\n2 2\n# more\n15\n0 1\n2 15\n")).data]).toEqual([0, 1, 2, 15]);
    expect(parseImage(Uint8Array.of(...text("P5\n2 1\n255\n"), 7, 32))).toMatchObject({
      shape: [1, 2],
      data: Uint8Array.of(7, 32),
    });
    expect([...parseImage(Uint8Array.of(...text("P5\n1 1\n65535\n"), 1, 2)).data]).toEqual([258]);
    expect(() => parseImage(text("P6\n1 1\n255\n"))).toThrow(/byte 0: found the bytes 50 36 .*PGM/);
    expect(() => parseImage(text("P2\n1 1\n255\n256"))).toThrow(
      /byte 11: pixel 0: found "256", expected an integer from 0 to 255/,
    );
    expect(() => parseImage(text("P2\n1 x"))).toThrow(/byte 5: the height: found byte 120/);
    expect(() => parseImage(text("P5\n2 2\n255\nab"))).toThrow(
      /byte 13: the file ends, expected 2 × 2 pixels/,
    );
  });
});

describe("files", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "basin-data-"));
    await mkdir(join(folder, "set", "cat"), { recursive: true });
    await mkdir(join(folder, "set", "ant"));
    await mkdir(join(folder, "mixed", "cat"), { recursive: true });
    const pgm = (value: number) => Uint8Array.of(...text("P5\n1 1\n255\n"), value);
    await writeFile(join(folder, "set", "cat", "b.pgm"), pgm(2));
    await writeFile(
      join(folder, "set", "cat", "a.png"),
      encode({ width: 1, height: 1, data: Uint8Array.of(3), channels: 1 }),
    );
    await writeFile(join(folder, "set", "ant", "z.pgm.gz"), gzipSync(pgm(1)));
    await mkdir(join(folder, "set", ".ipynb_checkpoints"));
    for (const left of [".DS_Store", "._a.png", ".ipynb_checkpoints/a.png", "cat/.hidden.png"])
      await writeFile(join(folder, "set", left), "no image");
    await writeFile(join(folder, "mixed", "loose.pgm"), pgm(1));
    await writeFile(join(folder, "mixed", "cat", "wide.pgm"), Uint8Array.of(...text("P5\n2 1\n255\n"), 1, 2));
    await writeFile(join(folder, "mixed", "other.pgm"), Uint8Array.of(...text("P5\n2 1\n255\n"), 1, 2));
    await writeFile(join(folder, "labels-idx1-ubyte.gz"), gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 9)));
    await writeFile(join(folder, "broken.npy.gz"), gzipSync(text("x".repeat(400))).subarray(0, 20));
    await writeFile(join(folder, "t.tsv"), "a\tb\n1\t2\n");
    await writeFile(join(folder, "t.hdf"), "");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are read by their names, gzipped or not", async () => {
    expect([...(await readArray(join(folder, "labels-idx1-ubyte.gz"))).data]).toEqual([9]);
    expect([...(await readArray(join(folder, "t.tsv"))).data]).toEqual([1, 2]);
    await expect(readArray(join(folder, "t.hdf"))).rejects.toThrow(/t\.hdf: unknown format; known: IDX/);
    await expect(readArray(join(folder, "none.npy"))).rejects.toThrow(/none\.npy: cannot be read/);
    await expect(readArray(join(folder, "broken.npy.gz"))).rejects.toThrow(
      /broken\.npy\.gz: damaged gzip data/,
    );
  });

  it("become one array with classes, in the order of their names, without hidden files", async () => {
    const set = await readImageFolder(join(folder, "set"));
    expect(set).toMatchObject({
      shape: [3, 1, 1],
      classes: ["ant", "cat"],
      files: ["ant/z.pgm.gz", "cat/a.png", "cat/b.pgm"],
    });
    expect([...set.data]).toEqual([1, 3, 2]);
    expect([...(set.labels ?? [])]).toEqual([0, 1, 1]);
    await expect(readImageFolder(join(folder, "mixed"))).rejects.toThrow(/both beside and inside/);
    await rm(join(folder, "mixed", "cat"), { recursive: true });
    await expect(readImageFolder(join(folder, "mixed"))).rejects.toThrow(
      /other\.pgm: the image is \[1, 2\] of 8 bits, expected \[1, 1\] of 8 bits as in loose\.pgm/,
    );
    await rm(join(folder, "mixed", "loose.pgm"));
    await rm(join(folder, "mixed", "other.pgm"));
    await writeFile(join(folder, "mixed", "b.webp"), "RIFF");
    await expect(readImageFolder(join(folder, "mixed"))).rejects.toThrow(
      /b\.webp: an image of this kind is not read: convert it to PNG or JPEG, or move it out/,
    );
    await rm(join(folder, "mixed", "b.webp"));
    await expect(readImageFolder(join(folder, "mixed"))).rejects.toThrow(/no \.png, \.pgm or \.jpg files/);
  });
});
