import { choice, range, seed, text, type Values } from "../shared/settings.ts";

/** The widest timetable: its puzzle has the square of that many spins. */
export const mostLessons = 9;

/** What a visitor sets. */
export const schema = {
  puzzle: choice("Puzzle", "map", {
    map: "color a map",
    cut: "cut a graph",
    partition: "split numbers",
    timetable: "timetable",
    own: "your own",
  }),
  size: range("Size", 24, [6, 60, 1]),
  colors: range("Colors", 4, [2, 5, 1]),
  problem: text(
    "Your problem",
    "5 6\n1 2\n2 3\n3 4\n4 5\n5 1\n1 3",
    6,
    "A graph (Gset, edge list, DIMACS) or a QUBO, pasted or dropped as a file. It stays in this tab.",
  ),
  seconds: range("Time limit", 1, [0.5, 10, 0.5], { show: (seconds) => `${seconds} s` }),
  seed: seed(),
};

export type Settings = Values<typeof schema>;
