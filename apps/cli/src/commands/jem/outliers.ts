import { ArgumentError } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { type Images, readImages, shaped } from "./images.ts";
import { sizeOf } from "./numbers.ts";

/** Sets that are made of the test images themselves, and so share everything with them but their meaning. */
export const MADE = ["rotated", "inverted", "shuffled", "noise"] as const;

/** Whether a name is that of outliers, and not of a file or folder. */
export function isNamedOutliers(name: string): boolean {
  return !/[./]/.test(name);
}

/** Returns the outliers of a name: fashion-mnist, mnist, rotated (by 180°), inverted, shuffled (quadrants), noise (uniform), or a file or folder. */
export async function loadOutliers(name: string, test: Images): Promise<Images> {
  const [height, width] = test.shape;
  if ((MADE as readonly string[]).includes(name))
    return made(name as (typeof MADE)[number], test, height, width);
  const found = await named(name, test.count);
  return shaped(found, test.shape, name);
}

async function named(name: string, count: number): Promise<Images> {
  const shape = [28, 28];
  if (name === "fashion-mnist" || name === "mnist") {
    const { fashionMnist, mnist, thin } = await import("@basin/datasets");
    const set = name === "mnist" ? mnist().test : fashionMnist();
    const some = thin(set, Math.min(count, set.count));
    return { inputs: some.images, count: some.count, shape };
  }
  if (isNamedOutliers(name)) {
    throw new ArgumentError(
      `unknown outliers "${name}"; known: fashion-mnist, mnist, ${MADE.join(", ")}, or a file or folder of images`,
    );
  }
  return readImages(name);
}

/** Whether a set can be made of images of a shape: turning and shuffling mind the places of pixels. */
export function suits(kind: string, shape: readonly number[]): boolean {
  return (
    (kind !== "rotated" && kind !== "shuffled") ||
    (shape.length >= 2 && sizeOf(shape) === shape[0] * shape[1])
  );
}

function made(kind: (typeof MADE)[number], test: Images, height: number, width: number): Images {
  const size = test.inputs.length / test.count;
  if (!suits(kind, test.shape))
    throw new ArgumentError(
      `${kind} needs images [height, width] of one channel, these have shape [${test.shape.join(", ")}]`,
    );
  const rng = createRng(0);
  const top = test.inputs instanceof Uint8Array ? 255 : 1;
  const inputs = test.inputs.slice();
  for (let i = 0; i < inputs.length; i++) {
    const [at, start] = [i % size, i - (i % size)];
    if (kind === "noise") inputs[i] = top === 255 ? rng.index(256) : rng.uniform();
    else if (kind === "inverted") inputs[i] = top - test.inputs[i];
    else if (kind === "rotated") inputs[i] = test.inputs[start + size - 1 - at];
    else inputs[i] = test.inputs[start + opposite(at, height, width)];
  }
  return { inputs, count: test.count, shape: test.shape };
}

/** The same place in the quadrant across: upper left and lower right change places, and so do the other two. */
function opposite(at: number, height: number, width: number): number {
  const [y, x] = [Math.floor(at / width), at % width];
  return ((y + (height >> 1)) % height) * width + ((x + (width >> 1)) % width);
}
