import { wasmModule } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { energyScore, fitScore, maxLogitScore } from "@basin/jem/outliers";
import type { Contest } from "./contest.ts";
import { wasm as plain } from "./src/wasm/multiply-add.generated.ts";
import { wasm as relaxed } from "./src/wasm/multiply-add-relaxed.generated.ts";

const normals = (count: number): Float32Array => {
  const rng = createRng(1);
  return Float32Array.from({ length: count }, () => rng.normal());
};

/** Calls a second of CPU time of this process, so that what else runs on the machine does not count. */
const rate = (work: () => unknown, calls: number): number => {
  const before = process.cpuUsage().user;
  for (let k = 0; k < calls; k++) work();
  return (1e6 * calls) / (process.cpuUsage().user - before);
};

const [ROWS, CLASSES] = [100_000, 1000];
let logits: { data: Float32Array; shape: number[] } | undefined;
/** Made where it is first asked for: 400 MB. */
const logitRows = () => {
  logits ??= { data: normals(ROWS * CLASSES), shape: [ROWS, CLASSES] };
  return logits;
};

/** A fitted score has the kernel, which the function leaves out for the sake of its size. */
const compiled = fitScore("energy", { logits: { data: normals(CLASSES), shape: [1, CLASSES] } });

const [KNOWN, WIDTH, QUERIES, K] = [50_000, 512, 192, 50];
let near: (() => void) | undefined;
const neighbors = () => {
  if (near === undefined) {
    const known = fitScore(
      "neighbors",
      { features: { data: normals(KNOWN * WIDTH), shape: [KNOWN, WIDTH] } },
      { k: K },
    );
    const features = { data: normals(QUERIES * WIDTH), shape: [QUERIES, WIDTH] };
    near = () => known.score({ features });
    near();
  }
  return near;
};

type Bare = { multiplyAdds(rounds: number, out: number): void };
const bare = (() => {
  try {
    return wasmModule<Bare>(relaxed).instantiateSync(96);
  } catch {
    return wasmModule<Bare>(plain).instantiateSync(96);
  }
})();
/** Many calls, so that the engine has optimized the loop for most of them. */
const [ROUNDS, CALLS] = [100_000, 1000];

export const contests: readonly Contest[] = [
  {
    question: `scores of ${ROWS} × ${CLASSES} logits of 32 bits in one array`,
    unit: "batches/s of CPU time",
    contenders: [
      { name: "max-logit", measure: () => rate(() => maxLogitScore(logitRows()), 1) },
      { name: "energy, compiled", measure: () => rate(() => compiled.score({ logits: logitRows() }), 1) },
      { name: "energy, TypeScript", measure: () => rate(() => energyScore(logitRows()), 1) },
      { name: "0.5 s", measure: () => 2 },
      { name: "1.5 s", measure: () => 1 / 1.5 },
    ],
    ratios: [
      { of: "max-logit", to: "0.5 s", aim: 1 },
      { of: "energy, compiled", to: "0.5 s", aim: 1 },
      { of: "energy, TypeScript", to: "1.5 s", aim: 1 },
    ],
  },
  {
    question: `exact ${K}-th neighbors among ${KNOWN} × ${WIDTH} features of 32 bits, batches of 96 queries`,
    unit: "multiply-adds/ns of CPU time",
    contenders: [
      { name: "basin", measure: () => (rate(neighbors(), 2) * QUERIES * KNOWN * WIDTH) / 1e9 },
      {
        name: "bare multiply-adds in registers",
        measure: () => (rate(() => bare.exports.multiplyAdds(ROUNDS, 0), CALLS) * 48 * ROUNDS) / 1e9,
      },
      { name: "200 queries/s", measure: () => (200 * KNOWN * WIDTH) / 1e9 },
    ],
    ratios: [
      { of: "basin", to: "bare multiply-adds in registers", aim: 0.6 },
      { of: "basin", to: "200 queries/s", aim: 1 },
    ],
  },
];
