import { qubo, solve, toBits } from "@basin/ising";

// Fill a knapsack of 15 kg: max Σ v x with Σ w x + s = 15, where bits of 1, 2, 4 and 8 kg stand for the room s that is
// left.
const items = { tent: [9, 6], stove: [6, 3], rope: [7, 4], books: [8, 7], lamp: [3, 1], map: [2, 1] };
const values = [...Object.values(items).map(([value]) => value), 0, 0, 0, 0];
const weights = [...Object.values(items).map(([, weight]) => weight), 1, 2, 4, 8];
const [capacity, penalty] = [15, 20];

// P (Σ w x − C)², written out over pairs of bits.
const quadratic = weights.flatMap((w, i) =>
  weights.slice(0, i).map((v, j): [number, number, number] => [i, j, 2 * penalty * w * v]),
);
const linear = weights.map((w, i) => penalty * w * (w - 2 * capacity) - values[i]);
const problem = qubo({ variables: weights.length, linear, quadratic, offset: penalty * capacity ** 2 });

const { state, energy, certificate } = await solve(problem, { seed: 1 });
const packed = Object.keys(items).filter((_, i) => toBits(state)[i] === 1);
console.log(packed.join(", "), "worth", -energy, certificate); // tent, stove, rope, lamp, map: worth 27, exact
