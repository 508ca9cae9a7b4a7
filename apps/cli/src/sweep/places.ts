/**
 * The options of a command that name inputs, and whether its result repeats. Its options themselves declare what it
 * writes.
 */
export interface Places {
  /** Options that name files and folders to read. */
  readonly inputs?: readonly string[];
  /** Options whose value may also be the name of a data set. */
  readonly sources?: readonly string[];
  /** Options that name a module of the user, which it runs. */
  readonly modules?: readonly string[];
  /** Why two runs of one task may differ in their last bits; absent if the same seed gives the same bits. */
  readonly differs?: string;
}

const tensors = "a tensor backend sums in an order of its own";
const math = "Math.exp and its like differ between engines";

/** Every command that a task may run. Other commands are refused on every machine. */
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

/** Returns why a study may not contain a value of an option; undefined if it may. */
export const whyRefused = (name: string, text: unknown): string | undefined =>
  name === "until" && /(^|,)\s*time\s*=/.test(String(text)) ? clock : undefined;

/** Options that a study may not set, with the reason. */
export const refused: Readonly<Record<string, string>> = {
  seed: "give the study `seed` with `repeats`, or `seeds`",
  workers: "the sweep itself spreads its tasks over threads",
  checkpoint: "a task that is cut short is run anew",
  "checkpoint-every": "a task that is cut short is run anew",
  resume: "a task that is cut short is run anew",
  time: clock,
  json: "the sweep reads every result",
};
