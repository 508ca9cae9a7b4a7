/**
 * What a command reads, and what its result is worth; names are those of its options. What it writes, its options say
 * themselves.
 */
export interface Places {
  /** Files and folders that it reads. */
  readonly inputs?: readonly string[];
  /** Those that may also be the name of a data set. */
  readonly sources?: readonly string[];
  /** A module of the user's, which it runs. */
  readonly modules?: readonly string[];
  /** Why two runs of one task may differ in their last bits; absent where the same seed gives the same bits. */
  readonly differs?: string;
}

const tensors = "a tensor backend sums in an order of its own";
const math = "Math.exp and its like differ between engines";

/** Every command that a task may be. What is not here is not run, on this machine or another. */
export const places: Readonly<Record<string, Places>> = {
  "ising simulate": {},
  "ising scan": {},
  "ising temper": {},
  "ising snapshot": {},
  "ising exact": {},
  "ising solve": { inputs: ["files"] },
  "ising learn": { inputs: ["labels", "testLabels", "from"], sources: ["data", "test"] },
  "ising draw": { inputs: ["model"], sources: ["data"] },
  "potts simulate": {},
  "potts scan": {},
  "hopfield recall": { sources: ["patterns"] },
  "hopfield generate": { sources: ["patterns"] },
  "hopfield capacity": {},
  "hopfield landscape": { sources: ["patterns"] },
  "jem train": { inputs: ["labels"], sources: ["data", "outliers"], differs: tensors },
  "jem evaluate": { inputs: ["folder"], differs: tensors },
  "jem generate": { inputs: ["folder"], differs: tensors },
  "jem complete": { inputs: ["folder"], differs: tensors },
  "jem experiment": { differs: tensors },
  "jem score": { inputs: ["folder", "images"], differs: tensors },
  "outliers fit": {
    inputs: [
      ...["logits", "features", "labels", "weights", "bias", "knownLogits", "knownFeatures", "knownLabels"],
      ...["outlierLogits", "outlierFeatures"],
    ],
    differs: math,
  },
  "outliers score": {
    inputs: ["detector", "batch", "features", "logits"],
    differs: math,
  },
  sample: {
    modules: ["module"],
    differs: "the functions of a user's energy, such as Math.exp, differ between engines",
  },
};

const clock = "what a task finds in a given time depends on the machine; bound its sweeps, steps or updates";

/** Returns why a value of an option may not stand in a study, undefined where it may. */
export const whyRefused = (name: string, text: unknown): string | undefined =>
  name === "until" && /(^|,)\s*time\s*=/.test(String(text)) ? clock : undefined;

/** Options that a study may not set, and why. */
export const refused: Readonly<Record<string, string>> = {
  seed: "give the study `seed` with `repeats`, or `seeds`",
  workers: "the sweep itself spreads its tasks over threads",
  checkpoint: "a task that is cut short is run anew",
  "checkpoint-every": "a task that is cut short is run anew",
  resume: "a task that is cut short is run anew",
  time: clock,
  json: "the sweep reads every result",
};
