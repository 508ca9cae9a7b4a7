import type { Command } from "./command.ts";

/** A command by the line that help shows, with its file, which is loaded when it is called; a group has none. */
export interface Entry {
  readonly summary: string;
  readonly load?: () => Promise<{ readonly default: Command }>;
}

/** Every command and group by the words that call it. */
export const commands: Readonly<Record<string, Entry>> = {
  tour: {
    summary: "walk through every family on real data and write a report",
    load: () => import("./commands/tour.ts"),
  },
  ising: { summary: "the Ising model: simulate a lattice, solve a spin problem, learn from data" },
  "ising simulate": {
    summary: "simulate a lattice at one temperature: averages with errors, and exact values",
    load: () => import("./commands/ising/simulate.ts"),
  },
  "ising scan": {
    summary: "simulate a lattice at many temperatures and sizes: a table, CSV, plots with exact curves",
    load: () => import("./commands/ising/scan.ts"),
  },
  "ising temper": {
    summary: "parallel tempering over a ladder of temperatures, for spin glasses and their overlaps",
    load: () => import("./commands/ising/temper.ts"),
  },
  "ising snapshot": {
    summary: "draw the spins after some sweeps, one pixel for each spin",
    load: () => import("./commands/ising/snapshot.ts"),
  },
  "ising exact": {
    summary: "exact values: the infinite square lattice, its tori, chains and strips",
    load: () => import("./commands/ising/exact.ts"),
  },
  "ising solve": {
    summary: "find a low-energy state of a spin problem, or a large cut of a graph, from a file",
    load: () => import("./commands/ising/solve.ts"),
  },
  "ising verify": {
    summary: "recompute the energy of a solution and compare it with that in the file",
    load: () => import("./commands/ising/verify.ts"),
  },
  "ising learn": {
    summary: "train a restricted Boltzmann machine and bracket its likelihood",
    load: () => import("./commands/ising/learn.ts"),
  },
  "ising draw": {
    summary: "draw samples, filters or completions of a machine that `learn` wrote",
    load: () => import("./commands/ising/draw.ts"),
  },
  potts: { summary: "the Potts model: simulate labels on a lattice, find its transition" },
  "potts simulate": {
    summary:
      "simulate a Potts model at one temperature; averages with errors, and the phases where there are two",
    load: () => import("./commands/potts/simulate.ts"),
  },
  "potts scan": {
    summary: "simulate a Potts model at many temperatures and sizes, and find where its Binder ratios cross",
    load: () => import("./commands/potts/scan.ts"),
  },
  hopfield: { summary: "associative memories: store patterns, recall them, measure how many fit" },
  "hopfield recall": {
    summary: "store patterns, damage each and recall it",
    load: () => import("./commands/hopfield/recall.ts"),
  },
  "hopfield generate": {
    summary: "let a memory relax from random states and count its final states",
    load: () => import("./commands/hopfield/generate.ts"),
  },
  "hopfield capacity": {
    summary: "measure how many random patterns fit: overlap after recall against the load P/N",
    load: () => import("./commands/hopfield/capacity.ts"),
  },
  "hopfield landscape": {
    summary: "the energy over a plane of states with two patterns and their negatives at its corners",
    load: () => import("./commands/hopfield/landscape.ts"),
  },
  jem: { summary: "classifiers as energy-based models" },
  "jem train": {
    summary: "train a classifier as an energy-based model of images and labels",
    load: () => import("./commands/jem/train.ts"),
  },
  "jem evaluate": {
    summary: "accuracy, calibration, outlier detection and robustness, on images that training never saw",
    load: () => import("./commands/jem/evaluate.ts"),
  },
  "jem generate": {
    summary: "draw images of each class from uniform noise, and let an independent net judge them",
    load: () => import("./commands/jem/generate.ts"),
  },
  "jem complete": {
    summary: "show a model a part of each test image, and let it draw the rest, as the class that fits best",
    load: () => import("./commands/jem/complete.ts"),
  },
  "jem score": {
    summary: "score images by their energy under a model, and classify them",
    load: () => import("./commands/jem/score.ts"),
  },
  "jem experiment": {
    summary: "compare ways to train (q1), heads (q2) or fits of a density, over several seeds",
    load: () => import("./commands/jem/experiment.ts"),
  },
  outliers: { summary: "detect outliers of any classifier by its logits and features" },
  "outliers fit": {
    summary: "set the threshold of a score from held-out inputs",
    load: () => import("./commands/outliers/fit.ts"),
  },
  "outliers score": {
    summary: "report which inputs are outliers, with a detector that `fit` wrote",
    load: () => import("./commands/outliers/score.ts"),
  },
  "outliers evaluate": {
    summary: "measure how well scores detect outliers: AUROC, FPR95, average precision, with intervals",
    load: () => import("./commands/outliers/evaluate.ts"),
  },
  sweep: {
    summary: "run a command over a grid or a list of options, with seeds and repeats; resumes if interrupted",
    load: () => import("./commands/sweep.ts"),
  },
  "sweep status": {
    summary: "say how far a sweep is, and what failed in it",
    load: () => import("./commands/sweep/status.ts"),
  },
  "sweep merge": {
    summary: "gather the results of a sweep that ran in parts",
    load: () => import("./commands/sweep/merge.ts"),
  },
  sample: {
    summary: "draw from exp(-E/T) for the energy that a module exports",
    load: () => import("./commands/sample.ts"),
  },
  diagnose: {
    summary: "R-hat, effective sample sizes and warnings for draws from any program",
    load: () => import("./commands/diagnose.ts"),
  },
};
