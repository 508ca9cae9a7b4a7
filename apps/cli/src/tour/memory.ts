import { mnist } from "@basin/datasets";
import { complete, matrix, recallAll, row } from "@basin/energy-core";
import { binarize, corrupt, type HopfieldMemory, hopfield } from "@basin/hopfield";
import { estimateOf } from "../output.ts";
import { contactSheet, encodeGray, type GrayPicture, spinPicture, statePicture } from "../pictures.ts";
import type { Part } from "./part.ts";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const FLIPS = 0.2;

/** Ten MNIST digits in a Hopfield network, recalled from flipped and from half-missing pixels by two rules. */
export const memoryPart: Part = {
  id: "memory",
  label: "ten digits in an associative memory",
  async run({ seed, progress }) {
    const digits = firstOfEachClass();
    const known = Array.from({ length: PIXELS }, (_, i) => i < PIXELS / 2);
    const rules = ["pseudo-inverse", "hebbian"] as const;
    const trials = rules.map((rule, k) => {
      const memory = hopfield(matrix(digits, 10, PIXELS), { rule });
      progress((k + 0.5) / rules.length);
      return { rule, ...probeMemory(memory, known, seed) };
    });
    const [inverse, hebb] = trials;
    const results = Object.fromEntries(trials.map(({ rule, figures }) => [camelCase(rule), figures]));
    return {
      results: { patterns: 10, neurons: PIXELS, flippedFraction: FLIPS, missingFraction: 0.5, ...results },
      section: {
        title: "Ten digits in an associative memory",
        lead:
          "A Hopfield network stores patterns as minima of an energy, so a damaged pattern rolls back downhill. Digits resemble each " +
          "other, which is what breaks Hebb's rule; the pseudo-inverse takes the resemblance out first.",
        rows: trials.flatMap(({ rule, figures }) => [
          {
            quantity: `${rule}: mean overlap from 20 % flips`,
            measured: figures.meanOverlapFromFlips.toFixed(4),
          },
          {
            quantity: `${rule}: exactly recalled from 20 % flips`,
            measured: `${figures.exactFromFlips} of 10`,
          },
          {
            quantity: `${rule}: mean overlap, lower half missing`,
            measured: figures.meanOverlapFromHalf.toFixed(4),
          },
        ]),
        figures: [
          sheet("20 % of the pixels flipped", [
            inverse.originals,
            inverse.flipped,
            inverse.fromFlips,
            hebb.fromFlips,
          ]),
          sheet("lower half missing", [inverse.originals, inverse.halves, inverse.fromHalf, hebb.fromHalf]),
        ],
        method:
          `The first training image of each class, ink where a byte is above 127. Flips are recalled by asynchronous updates to a ` +
          "verified fixed point; the missing half is filled in by the general task complete(memory, probe, { known }), which minimizes the " +
          "energy over the unknown pixels alone.",
        command:
          "pnpm --silent basin hopfield recall --patterns mnist --rule pseudo-inverse --flip 0.2 --png recall.png",
      },
    };
  },
};

function firstOfEachClass(): Int8Array {
  const { images, labels } = mnist().train;
  const spins = new Int8Array(10 * PIXELS);
  for (let digit = 0; digit < 10; digit++) {
    const at = labels.indexOf(digit);
    const image = matrix(images.slice(at * PIXELS, (at + 1) * PIXELS), 1, PIXELS);
    spins.set(binarize(image).data, digit * PIXELS);
  }
  return spins;
}

function probeMemory(memory: HopfieldMemory, known: readonly boolean[], seed: number) {
  const originals = Array.from({ length: 10 }, (_, d) => row(memory.patterns, d));
  const flipped = originals.map((digit, d) => corrupt(digit, FLIPS, { seed: seed + d }));
  const fromFlips = recallAll(memory, flipped, { seed }).map(({ state }) => state);
  const halves = originals.map((digit) => digit.map((spin, i) => (known[i] ? spin : -1)));
  const fromHalf = halves.map((probe) => complete(memory, probe, { known, seed }).state);
  const overlap = (states: readonly Int8Array[]) => states.map((state, d) => memory.overlap(state)[d]);
  const flipOverlaps = overlap(fromFlips);
  const halfOverlaps = overlap(fromHalf);
  return {
    originals: originals.map(picture),
    flipped: flipped.map(picture),
    fromFlips: fromFlips.map(picture),
    halves: halves.map((probe) => statePicture(probe, SIDE, known)),
    fromHalf: fromHalf.map(picture),
    figures: {
      meanOverlapFromFlips: estimateOf(flipOverlaps).mean,
      exactFromFlips: flipOverlaps.filter((value) => value === 1).length,
      meanOverlapFromHalf: estimateOf(halfOverlaps).mean,
      exactFromHalf: halfOverlaps.filter((value) => value === 1).length,
    },
  };
}

function sheet(what: string, rows: readonly (readonly GrayPicture[])[]) {
  return {
    caption: `Stored; ${what}; recalled by pseudo-inverse; recalled by Hebb.`,
    png: encodeGray(contactSheet(rows.flat(), 10)),
    width: 440,
    pixelated: true,
  };
}

const picture = (spins: Int8Array): GrayPicture => spinPicture(spins, SIDE);

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
