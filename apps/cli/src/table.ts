import { type Entry, register } from "./registry.ts";

/** Every command and group, by its words. */
export const commands: Readonly<Record<string, Entry>> = register({
  tour: {
    summary: "walk through every family on real data and write a report",
    example: "--quick",
    load: () => import("./commands/tour.ts"),
  },
  ising: { summary: "the Ising model: simulate a lattice, solve a spin problem, learn from data" },
  "ising simulate": {
    summary: "simulate a lattice at one temperature: averages with errors, and exact values",
    example: "--size 64 --temperature 2.2 --sweeps 5000",
    load: () => import("./commands/ising/simulate.ts"),
  },
  "ising scan": {
    summary: "simulate a lattice at many temperatures and sizes: a table, CSV, plots with exact curves",
    example: "--sizes 16,32 --temperatures 2.1:2.4:0.05 --csv scan.csv",
    load: () => import("./commands/ising/scan.ts"),
  },
  "ising temper": {
    summary: "parallel tempering over a ladder of temperatures, for spin glasses and their overlaps",
    example: "--size 8 --disorder gaussian --temperatures 0.5:1.7:0.2",
    load: () => import("./commands/ising/temper.ts"),
  },
  "ising snapshot": {
    summary: "draw the spins after some sweeps, one pixel for each spin",
    example: "--size 256 --temperature 2.27 --png spins.png",
    load: () => import("./commands/ising/snapshot.ts"),
  },
  "ising exact": {
    summary: "exact values: the infinite square lattice, its tori, chains and strips",
    example: "--size 32 --temperature 2.269",
    load: () => import("./commands/ising/exact.ts"),
  },
  "ising solve": {
    summary: "find a low-energy state of a spin problem, or a large cut of a graph, from a file",
    example: "graph.txt --until time=10s --out best.json",
    load: () => import("./commands/ising/solve.ts"),
  },
  "ising verify": {
    summary: "recompute the energy of a solution and compare it with that in the file",
    example: "graph.txt best.json",
    load: () => import("./commands/ising/verify.ts"),
  },
  "ising learn": {
    summary: "train a restricted Boltzmann machine and bracket its likelihood",
    example: "--data mnist --limit 1000 --hidden 100 --epochs 3 --out digits.rbm",
    load: () => import("./commands/ising/learn.ts"),
  },
  "ising draw": {
    summary: "draw samples, filters or completions of a machine that `learn` wrote",
    example: "digits.rbm --what filters --png filters.png",
    load: () => import("./commands/ising/draw.ts"),
  },
  potts: { summary: "the Potts model: simulate labels on a lattice, find its transition" },
  "potts simulate": {
    summary:
      "simulate a Potts model at one temperature; averages with errors, and the phases where there are two",
    example: "--states 3 --size 32 --temperature 1",
    load: () => import("./commands/potts/simulate.ts"),
  },
  "potts scan": {
    summary: "simulate a Potts model at many temperatures and sizes, and find where its Binder ratios cross",
    example: "--states 3 --sizes 16,32 --temperatures 0.98:1.01:0.005",
    load: () => import("./commands/potts/scan.ts"),
  },
  hopfield: { summary: "associative memories: store patterns, recall them, measure how many fit" },
  "hopfield recall": {
    summary: "store patterns, damage each and recall it",
    example: "--patterns mnist --rule pseudo-inverse --flip 0.2 --png recall.png",
    load: () => import("./commands/hopfield/recall.ts"),
  },
  "hopfield generate": {
    summary: "let a memory relax from random states and count its final states",
    example: "--neurons 200 --count 10 --starts 500",
    load: () => import("./commands/hopfield/generate.ts"),
  },
  "hopfield capacity": {
    summary: "measure how many random patterns fit: overlap after recall against the load P/N",
    example: "--neurons 500 --loads 0.05:0.2:0.05 --plot capacity.svg",
    load: () => import("./commands/hopfield/capacity.ts"),
  },
  "hopfield landscape": {
    summary: "the energy over a plane of states with two patterns and their negatives at its corners",
    example: "--neurons 100 --count 3 --plot landscape.png",
    load: () => import("./commands/hopfield/landscape.ts"),
  },
  jem: { summary: "classifiers as energy-based models" },
  "jem train": {
    summary: "train a classifier as an energy-based model of images and labels",
    example: "--data mnist --time 5m --out digits",
    load: () => import("./commands/jem/train.ts"),
  },
  "jem evaluate": {
    summary: "accuracy, calibration, outlier detection and robustness, on images that training never saw",
    example: "digits --plot reliability.svg",
    load: () => import("./commands/jem/evaluate.ts"),
  },
  "jem generate": {
    summary: "draw images of each class from uniform noise, and let an independent net judge them",
    example: "digits --class 3 --png threes.png",
    load: () => import("./commands/jem/generate.ts"),
  },
  "jem complete": {
    summary: "show a model a part of each test image, and let it draw the rest, as the class that fits best",
    example: "digits --mask lower --png completed.png",
    load: () => import("./commands/jem/complete.ts"),
  },
  "jem score": {
    summary: "score images by their energy under a model, and classify them",
    example: "digits photo.png --gray",
    load: () => import("./commands/jem/score.ts"),
  },
  "jem experiment": {
    summary: "compare ways to train (q1), heads (q2) or fits of a density, over several seeds",
    example: "q2 --quick --out q2",
    load: () => import("./commands/jem/experiment.ts"),
  },
  outliers: { summary: "detect outliers of any classifier by its logits and features" },
  "outliers fit": {
    summary: "set the threshold of a score from held-out inputs",
    example: "--logits held-out.npy --out detector.json",
    load: () => import("./commands/outliers/fit.ts"),
  },
  "outliers score": {
    summary: "report which inputs are outliers, with a detector that `fit` wrote",
    example: "detector.json batch.npy --out scores.csv",
    load: () => import("./commands/outliers/score.ts"),
  },
  "outliers evaluate": {
    summary: "measure how well scores detect outliers: AUROC, FPR95, average precision, with intervals",
    example: "--in test.npy --out others.npy",
    load: () => import("./commands/outliers/evaluate.ts"),
  },
  sweep: {
    summary: "run a command over a grid or a list of options, with seeds and repeats; resumes if interrupted",
    example: "study.yaml --workers 4",
    load: () => import("./commands/sweep.ts"),
  },
  "sweep status": {
    summary: "say how far a sweep is, and what failed in it",
    example: "study.yaml",
    load: () => import("./commands/sweep/status.ts"),
  },
  "sweep merge": {
    summary: "gather the results of a sweep that ran in parts",
    example: "study.yaml study.1-of-2.sweep study.2-of-2.sweep",
    load: () => import("./commands/sweep/merge.ts"),
  },
  worker: {
    summary: "run tasks of sweeps that come through a queue, on this machine",
    example: "--queue-file queue.url --concurrency 8",
    load: () => import("./commands/worker.ts"),
  },
  sample: {
    summary: "draw from exp(-E/T) for the energy that a module exports",
    example: "energy.ts --chains 4 --draws 1000 --out draws.csv",
    load: () => import("./commands/sample.ts"),
  },
  completion: {
    summary: "print the code that completes words of basin in a shell",
    example: "bash",
    load: () => import("./commands/completion.ts"),
  },
  schema: {
    summary: "print the JSON Schema of what a command prints with --json",
    example: "ising solve",
    load: () => import("./commands/schema.ts"),
  },
  diagnose: {
    summary: "R-hat, effective sample sizes and warnings for draws from any program",
    example: "draws_1.csv draws_2.csv",
    load: () => import("./commands/diagnose.ts"),
  },
});
