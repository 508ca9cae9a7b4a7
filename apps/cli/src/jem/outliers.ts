import type { MadeOutliers } from "@basin/jem";
import { InvalidArgumentError } from "commander";
import { datasets, type Images, thinned } from "../options/datasets.ts";
import { loadImages, shapeOf } from "../options/labeled.ts";

/** Whether a name is that of a set of outliers, not of a file or folder. */
export function isNamedOutliers(name: string): boolean {
  return !/[./]/.test(name);
}

/** Returns the outliers of a name: a data set, a set made from the test images, a file or a folder. */
export async function loadOutliers(name: string, test: Images): Promise<Images> {
  const { madeOutlierNames, makeOutliers } = await import("@basin/jem");
  const { shapedImages } = await import("@basin/energy-core/data");
  const shape = shapeOf(test);
  if (madeOutlierNames.includes(name as MadeOutliers))
    return { ...test, data: makeOutliers(name as MadeOutliers, test.data, shape, { seed: 0 }) };
  if (Object.hasOwn(datasets, name)) {
    const { train, test: held = train } = await datasets[name].load();
    return shapedImages(thinned(held, test.shape[0]), shape, name);
  }
  if (!isNamedOutliers(name)) return loadImages(name, shape);
  throw new InvalidArgumentError(
    `unknown outliers "${name}"; known: ${[...Object.keys(datasets), ...madeOutlierNames].join(", ")}, or a file or folder of images`,
  );
}
