import { corrupt, hopfield } from "@basin/hopfield";

// A memory over icons of one's own: "#" is +1, "." is −1.
const icons = {
  heart: ".##.##. ####### ####### .#####. ..###.. ...#... .......",
  house: "...#... ..###.. .#####. ####### .#...#. .#.#.#. .#.#.#.",
  cross: "#.....# .#...#. ..#.#.. ...#... ..#.#.. .#...#. #.....#",
  ring: ".#####. #.....# #.....# #.....# #.....# #.....# .#####.",
};
const spins = (icon: string) => Int8Array.from(icon.replaceAll(" ", ""), (c) => (c === "#" ? 1 : -1));
const show = (state: ArrayLike<number>) =>
  Array.from(state, (s, i) => (s > 0 ? "#" : ".") + (i % 7 === 6 ? "\n" : "")).join("");

const patterns = Object.values(icons).map(spins);
const memory = hopfield(patterns, { rule: "pseudo-inverse" });
const damaged = corrupt(patterns[1], 0.2, { seed: 1 });
const { state, energy, converged } = memory.recall(damaged);
console.log(`${show(damaged)}\n${show(state)}`, memory.energy(damaged), "→", energy, { converged });
console.log(Object.keys(icons).map((name, i) => `${name} ${memory.overlap(state)[i].toFixed(2)}`));
