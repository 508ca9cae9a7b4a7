import { parseProblem, solve } from "@basin/ising";
import { fixed } from "../shared/dom.ts";
import { circle, type Drawing } from "./places.ts";
import {
  cutPuzzle,
  graphPuzzle,
  mapPuzzle,
  type Puzzle,
  partitionPuzzle,
  timetablePuzzle,
} from "./puzzles.ts";
import type { Settings } from "./settings.ts";

/** A puzzle for the page: all of it that can be cloned. */
export interface Posed {
  readonly drawing?: Drawing;
  readonly figure: string;
  readonly variables: number;
  readonly exact?: number;
  readonly how: string;
  readonly notes: readonly string[];
}

/** How far the search has come. */
export interface News {
  readonly seconds: number;
  readonly value: number;
  readonly choices: Int32Array;
}

/** The answer, and how it was found. */
export interface Answer extends News {
  readonly certificate: "exact" | "local";
  /** What the solver's own bound says, where nothing is proven. */
  readonly bound?: string;
  readonly method: string;
  readonly why: string;
  readonly reads: number;
  readonly sweeps: number;
  readonly inverseTemperatures?: readonly [number, number];
}

/** Graphs with more nodes are solved, not drawn. */
const mostDrawn = 200;

let posed: Puzzle;

/** Makes the puzzle of the settings; `file` is a problem that was dropped. */
export async function pose({
  settings,
  file,
}: {
  settings: Settings;
  file?: { name: string; bytes: Uint8Array };
}): Promise<Posed> {
  const { puzzle, size, colors, seed } = settings;
  let notes: readonly string[] = [];
  if (puzzle === "own") [posed, notes] = await ownPuzzle(settings.problem, file);
  else if (puzzle === "map") posed = mapPuzzle(size, colors, seed);
  else if (puzzle === "cut") posed = cutPuzzle(size, seed);
  else if (puzzle === "partition") posed = partitionPuzzle(size, seed);
  else posed = timetablePuzzle(size, seed);
  const { drawing, figure, exact, how, problem } = posed;
  const drawn = drawing.kind !== "graph" || drawing.places.length <= 2 * mostDrawn;
  return { ...(drawn && { drawing }), figure, exact, how, notes, variables: problem.variables };
}

async function ownPuzzle(
  text: string,
  file?: { name: string; bytes: Uint8Array },
): Promise<[Puzzle, readonly string[]]> {
  const { problem, graph, notes, format } = await parseProblem(file?.bytes ?? text, { file: file?.name });
  const said = [`Read as ${format}.`, ...notes];
  if (graph) return [graphPuzzle(graph), said];
  const { sources, targets } = problem.couplings;
  const edges = new Int32Array(2 * sources.length).map((_, k) => (k % 2 ? targets : sources)[k >> 1]);
  const own: Puzzle = {
    problem,
    drawing: { kind: "graph", places: circle(problem.variables), edges },
    figure: "energy",
    value: (state) => problem.energy(state),
    choices: (state) => Int32Array.from(state, (spin) => (spin > 0 ? 0 : 1)),
    boundOf: (energy) => `no state has less energy than ${fixed(energy, 4)}`,
    how: "The certificate says whether the energy is proven to be the least.",
  };
  return [own, said];
}

/** Solves the puzzle that was posed, and reports each better state. */
export async function answer(
  { seconds, seed }: { seconds: number; seed: number },
  report: (news: News) => void,
): Promise<Answer> {
  let best = Number.POSITIVE_INFINITY;
  const news = (state: Int8Array, at: number): News => ({
    seconds: at,
    value: posed.value(state),
    choices: posed.choices(state),
  });
  const found = await solve(posed.problem, {
    until: { timeLimit: 1000 * seconds },
    seed,
    onProgress: ({ energy, state, seconds: at }) => {
      if (state === undefined || energy >= best) return;
      best = energy;
      report(news(state, at));
    },
  });
  const { certificate, method, why, reads, sweeps, inverseTemperatures, timing } = found;
  return {
    ...news(found.state, timing.seconds),
    ...{ certificate, method, why, reads, sweeps, inverseTemperatures },
    bound: certificate === "exact" ? undefined : posed.boundOf?.(found.bound),
  };
}
