import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../../src/demos/jem/model");

/** Returns the files of the model of digits that ships with the site. */
export function modelFiles(...names: readonly string[]): File[] {
  return names.map((name) => new File([readFileSync(join(folder, name))], name));
}

/** Returns a file as playwright puts it into a page. */
export async function payload(file: File) {
  const { name, type: mimeType } = file;
  return { name, mimeType, buffer: Buffer.from(await file.arrayBuffer()) };
}

/** Returns a bitmap file of an image in gray, 0 to 255, in rows of `width`; `tint` is added to its red. */
export function bitmapFile(name: string, shades: ArrayLike<number>, width: number, tint = 0): File {
  const height = shades.length / width;
  const row = 4 * Math.ceil((3 * width) / 4);
  const bytes = Buffer.alloc(54 + row * height);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
  ])
    bytes.writeUInt32LE(value, at);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const shade = shades[(height - 1 - y) * width + x];
      bytes.set([shade, shade, Math.min(255, shade + tint)], 54 + y * row + 3 * x);
    }
  return new File([bytes], name, { type: "image/bmp" });
}
