import { couplings, type Edge, enumerate, sparseQuadratic } from "@basin/energy-core";
import { bulkRng, createRng } from "@basin/energy-core/random";
import type { Contender, Contest } from "./contest.ts";
import { tensorContests } from "./src/tensor-contests.ts";

const buffer = new Float32Array(1 << 16);

/** Calls `work` for about half a second and returns units a second, in millions. */
function millions(units: number, work: () => void): number {
  work();
  const begun = performance.now();
  let done = 0;
  while (performance.now() - begun < 500) {
    work();
    done += units;
  }
  return done / (1e3 * (performance.now() - begun));
}

function fill(name: string, kernel: "wasm" | "typescript"): Contender {
  const bulk = bulkRng(createRng(1), { kernel });
  return { name, measure: () => millions(buffer.length, () => bulk.fillNormal(buffer)) };
}

const rng = createRng(1);

const ring: Edge[] = Array.from({ length: 20 }, (_, i) => [
  [i, (i + 1) % 20, 1] as const,
  [i, (i + 7) % 20, -0.7] as const,
]).flat();
const glass = sparseQuadratic(couplings(20, ring));

/** What is written everywhere: every energy afresh, every exponential, in binary order. */
function plainEnumeration(): void {
  const s = new Int8Array(20);
  let z = 0;
  for (let index = 0; index < 2 ** 20; index++) {
    for (let i = 0; i < 20; i++) s[i] = (index >> i) & 1 ? 1 : -1;
    let energy = 0;
    for (const [i, j, value] of ring) energy -= value * s[i] * s[j];
    z += Math.exp(-energy);
  }
  if (!(z > 0)) throw new Error("unreachable");
}

export const contests: readonly Contest[] = [
  {
    question: "Normal numbers of 32 bits, filled in bulk on one core",
    unit: "million/s",
    contenders: [
      fill("wasm", "wasm"),
      fill("TypeScript twin", "typescript"),
      {
        name: "one by one (ziggurat)",
        measure: () =>
          millions(buffer.length, () => {
            for (let i = 0; i < buffer.length; i++) buffer[i] = rng.normal();
          }),
      },
      {
        name: "Math.random and Box–Muller",
        measure: () =>
          millions(buffer.length, () => {
            for (let i = 0; i < buffer.length; i += 2) {
              const r = Math.sqrt(-2 * Math.log(1 - Math.random()));
              const angle = 2 * Math.PI * Math.random();
              buffer[i] = r * Math.cos(angle);
              buffer[i + 1] = r * Math.sin(angle);
            }
          }),
      },
    ],
    ratios: [{ of: "wasm", to: "Math.random and Box–Muller", aim: 5 }],
  },
  {
    question: "Exact log Z of 20 spins by enumeration",
    unit: "million states/s",
    contenders: [
      { name: "enumerate, with all means", measure: () => millions(2 ** 20, () => enumerate(glass)) },
      { name: "a plain double loop, log Z only", measure: () => millions(2 ** 20, plainEnumeration) },
    ],
    ratios: [{ of: "enumerate, with all means", to: "a plain double loop, log Z only", aim: 1 }],
  },
  ...tensorContests,
];
