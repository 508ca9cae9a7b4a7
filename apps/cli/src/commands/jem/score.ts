import { command } from "../../command.ts";
import { openModel } from "../../jem/model.ts";
import { choice, flag, word } from "../../options/settings.ts";

const KEEP = 0.95;

export default command({
  options: {
    folder: word("<folder>", "what basin jem train wrote"),
    images: word("<images...>", "files of images, or folders of them"),
    background: choice("background of transparent images", ["black", "white"]),
    gray: flag("make colors gray (0.299 R + 0.587 G + 0.114 B) for a model of gray images"),
    invert: flag("exchange light and dark, for ink on paper if the model was trained on light on black"),
  },
  async run({ folder, images: paths, background, gray, invert }, context) {
    const { detector } = await import("@basin/energy-core");
    const { classify, probabilities, scores } = await import("@basin/jem");
    const { loadImages } = await import("../../options/labeled.ts");
    const { model, card, images } = await openModel(folder);
    const sets = [];
    for (const path of paths)
      sets.push({ path, images: await loadImages(path, card.shape, { background, gray, invert }) });
    // The threshold is set with images that were not used in training.
    const { test } = await images();
    const { isOutlier, threshold, interval, heldOut, needed, warning } = detector(scores(model, test.data), {
      keep: KEEP,
    });
    if (warning !== undefined) context.warn(`no image counts as an outlier: ${warning}`);
    const rows = sets.flatMap(({ path, images: { data, shape, readAs } }) => {
      const top = data instanceof Uint8Array ? 255 : 1;
      const inverted = scores(model, data.map((value) => top - value) as typeof data);
      const [energies, classes, certain] = [
        scores(model, data),
        classify(model, data),
        probabilities(model, data),
      ];
      return Array.from(energies, (energy, i) => ({
        ...{ image: shape[0] === 1 ? path : `${path}[${i}]`, energy, class: classes[i] },
        ...{ className: card.classNames[classes[i]], probability: certain[i * model.labels + classes[i]] },
        outlier: isOutlier(energy),
        // Whether it is none with dark and light exchanged, where it is one as it is.
        ...(isOutlier(energy) && !isOutlier(inverted[i]) && { insideIfInverted: true }),
        ...(readAs && { readAs }),
      }));
    });
    return { threshold, thresholdInterval: interval, keep: KEEP, heldOut, needed, images: rows };
  },
  print: ({ threshold, images }) => [
    ...(threshold < Number.POSITIVE_INFINITY
      ? [
          `outliers have more energy than ${threshold.toFixed(3)}, set by test images to keep ${KEEP} of fresh ones like them`,
        ]
      : []),
    ...images.map(
      ({ image, energy, className, probability, outlier, insideIfInverted, readAs }) =>
        `${image}  E ${energy.toFixed(3)}  class ${className} (${probability.toFixed(3)})${outlier ? "  OUTLIER" : ""}` +
        (insideIfInverted ? " (none with dark and light exchanged: --invert)" : "") +
        (readAs ? `  [read ${readAs}]` : ""),
    ),
  ],
});
