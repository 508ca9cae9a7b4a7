import * as basin from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";

// One energy of a picture of 3 × 3 pixels and its letter: E(x, y) = −ξ_y · x, where ξ_y is the letter T, L or X.
const letters = ["###.#..#.", "#..#..###", "#.#.#.#.#"];
const xi = letters.map((text) => Int8Array.from(text, (c) => (c === "#" ? 1 : -1)));
const joint = basin.plainEnergy(basin.labeled(basin.spins(9), 3), ({ x, y }) =>
  x.reduce((energy, s, i) => energy - s * xi[y][i], 0),
);
const picture = basin.marginalize(joint); // E(x) = −log Σ_y exp(−E(x, y))
const rng = createRng(1);
const noisy = (y: number, share: number) => xi[y].map((s) => (rng.bernoulli(share) ? -s : s));
const print = (x: ArrayLike<number>) => Array.from(x, (s) => (s > 0 ? "#" : ".")).join("");

const damaged = noisy(0, 0.15);
console.log("classify", basin.predict(joint, damaged).label);
console.log("correct ", print(basin.correct(picture, damaged, { radius: 2 }).state));
const known = [true, true, true, true, true, false, false, false, false];
console.log("complete", print(basin.complete(picture, xi[1], { known }).state));
console.log("recall  ", print(basin.recall(picture, noisy(2, 0.15)).state));
console.log("rank    ", basin.rank(picture, [noisy(2, 0.5), damaged, xi[0]]).order);
const energies = Array.from({ length: 500 }, (_, i) => picture.energy(noisy(i % 3, 0.1)));
const { isOutlier } = basin.detector(energies, { keep: 0.95 });
console.log("detect  ", isOutlier(picture.energy(damaged)), isOutlier(picture.energy(noisy(0, 0.5))));
