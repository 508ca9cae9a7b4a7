/**
 * Trains digits by the default recipe of `basin jem train` from several seeds, evaluates each and prints the median
 * figures: what the table in docs/jem.md shows. A seed that is done already is not trained again, one that was
 * interrupted goes on.
 *
 *   node --conditions=@basin/source bench/jem/digits.ts --out FOLDER --seeds 0,1,2,3,4 --updates 28000
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    seeds: { type: "string", default: "0,1,2,3,4" },
    updates: { type: "string", default: "28000" },
    "at-once": { type: "string", default: "2" },
    ood: { type: "string", default: "fashion-mnist,rotated,inverted,shuffled,noise" },
    attacked: { type: "string", default: "200" },
  },
});
if (values.out === undefined) {
  console.error("--out FOLDER is missing: where the models go");
  process.exit(2);
}
const out = values.out;
const main = join(import.meta.dirname, "../../apps/cli/src/main.ts");

/** Resolves to what a command of basin prints as JSON. */
function basin(...args: string[]): Promise<unknown> {
  const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, main, ...args, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = ["", ""];
  child.stdout.on("data", (part) => (texts[0] += part));
  child.stderr.on("data", (part) => (texts[1] += part));
  return new Promise((resolve, reject) => {
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(texts[0]).result);
      else reject(new Error(`basin ${args.join(" ")} ended with ${code}: ${texts[1].trim()}`));
    });
  });
}

interface Trained {
  readonly seed: number;
  readonly updates: number;
  readonly seconds: number;
  readonly backOffs: readonly unknown[];
}
interface Score {
  readonly score: string;
  readonly baseline: boolean;
  readonly auroc: number;
}
interface Evaluated {
  readonly accuracy: number;
  readonly calibration: {
    readonly expectedCalibrationError: number;
    readonly adaptiveCalibrationError: number;
    readonly negativeLogLikelihood: number;
  };
  readonly outliers: readonly { readonly outliers: string; readonly scores: readonly Score[] }[];
  readonly robustness: readonly {
    readonly norm: string;
    readonly radius: number;
    readonly robustAccuracy: number;
  }[];
}
interface Drawn {
  readonly classifiedAsTheirClass: number;
  readonly frechet: {
    readonly samples: number;
    readonly classGaussian: number;
    readonly trainingImages: number;
  };
  readonly nearestTrainingImage: { readonly samples: number; readonly testImages: number };
}
interface Run {
  readonly trained: Trained;
  readonly evaluated: Evaluated;
  readonly drawn: Drawn;
}

/** Keeps what `make` resolves to in a file, and reads it from there the next time. */
async function kept<T>(path: string, make: () => Promise<unknown>): Promise<T> {
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(await make()));
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

async function runOf(seed: number): Promise<Run> {
  const folder = join(out, `seed-${seed}`);
  const begun = existsSync(join(folder, "run.json"));
  const start = begun ? ["--resume"] : ["--data", "mnist", "--arch", "mlp", "--seed", String(seed)];
  const trained = await kept<Trained>(join(out, `seed-${seed}.train.json`), () =>
    basin("jem", "train", ...start, "--out", folder, "--updates", values.updates, "--workers", "1"),
  );
  const evaluated = await kept<Evaluated>(join(out, `seed-${seed}.evaluate.json`), () =>
    basin("jem", "evaluate", folder, "--ood", values.ood, "--attacked", values.attacked),
  );
  const drawn = await kept<Drawn>(join(out, `seed-${seed}.generate.json`), () =>
    basin("jem", "generate", folder, "--count", "100", "--seed", "1", "--png"),
  );
  return { trained, evaluated, drawn };
}

mkdirSync(out, { recursive: true });
const seeds = values.seeds.split(",").map(Number);
const waiting = [...seeds];
const runs = new Map<number, Run>();
const work = async (): Promise<void> => {
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    const run = await runOf(seed);
    runs.set(seed, run);
    const { trained, evaluated } = run;
    console.error(
      `seed ${seed}: ${trained.updates} updates, ${trained.backOffs.length} back-offs, accuracy ${evaluated.accuracy.toFixed(4)}`,
    );
  }
};
await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));

const found = seeds.map((seed) => runs.get(seed) as Run);
row("", ["median", "least", "most"]);
figures("back-offs", 0, ({ trained }) => trained.backOffs.length);
figures("test accuracy", 4, ({ evaluated }) => evaluated.accuracy);
figures("expected calibration error", 4, ({ evaluated }) => evaluated.calibration.expectedCalibrationError);
figures("adaptive calibration error", 4, ({ evaluated }) => evaluated.calibration.adaptiveCalibrationError);
figures("negative log-likelihood, nats", 4, ({ evaluated }) => evaluated.calibration.negativeLogLikelihood);
for (const [s, { outliers, scores }] of found[0].evaluated.outliers.entries())
  for (const [k, { score, baseline }] of scores.entries())
    if (score === "energy" || score === "max-softmax" || baseline)
      figures(`AUROC ${outliers}, ${score}`, 4, ({ evaluated }) => evaluated.outliers[s].scores[k].auroc);
for (const [k, { norm, radius }] of found[0].evaluated.robustness.entries())
  figures(
    `accuracy attacked, ${norm} ${radius}`,
    3,
    ({ evaluated }) => evaluated.robustness[k].robustAccuracy,
  );
figures("samples put into their class", 3, ({ drawn }) => drawn.classifiedAsTheirClass);
figures("Fréchet distance, samples", 2, ({ drawn }) => drawn.frechet.samples);
figures("Fréchet distance, class-Gaussian draws", 2, ({ drawn }) => drawn.frechet.classGaussian);
figures("Fréchet distance, training images", 2, ({ drawn }) => drawn.frechet.trainingImages);
figures("nearest training image, samples", 2, ({ drawn }) => drawn.nearestTrainingImage.samples);
figures("nearest training image, test images", 2, ({ drawn }) => drawn.nearestTrainingImage.testImages);

function figures(name: string, digits: number, of: (run: Run) => number): void {
  const sorted = found.map(of).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  row(
    name,
    [median, sorted[0], sorted[sorted.length - 1]].map((value) => value.toFixed(digits)),
  );
}

function row(name: string, cells: readonly string[]): void {
  console.log(`${name.padEnd(64)}${cells.map((cell) => cell.padStart(10)).join("")}`);
}
