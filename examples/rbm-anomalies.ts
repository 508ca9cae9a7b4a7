import { outlierMetrics } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { restrictedBoltzmannMachine, trainRbm } from "@basin/ising/learn";

// Logs of 20 switches: as a rule, each of five groups of four is on or off as one. An anomaly breaks groups.
const rng = createRng(1);
const normal = () =>
  Array.from({ length: 5 }, () => rng.bernoulli(0.5)).flatMap((on) => new Array(4).fill(Number(on)));
const flipped = (row: number[], share: number) => row.map((bit) => (rng.bernoulli(share) ? 1 - bit : bit));
const rows = (count: number, share: number) => Array.from({ length: count }, () => flipped(normal(), share));

const machine = restrictedBoltzmannMachine({ visible: 20, hidden: 15, seed: 1 });
await trainRbm(machine, rows(2000, 0.01), { epochs: 100, seed: 1 });

// The anomaly score is the free energy F(v), which needs no partition function.
const score = (row: number[]) => machine.energy(Int8Array.from(row, (bit) => 2 * bit - 1));
const { auroc, fprAt95InDistribution } = outlierMetrics(
  rows(500, 0.01).map(score),
  rows(500, 0.2).map(score),
);
console.log({ auroc, fprAt95InDistribution });
