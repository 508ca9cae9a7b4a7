import { createRng } from "@basin/energy-core/random";
import { webWorker } from "@basin/energy-core/run";
import { maxCut, solve, weightedGraph } from "@basin/ising";

// A maximum cut of a random graph, solved in web workers while the page stays free.
const rng = createRng(1);
const edges = Array.from({ length: 2000 }, (): [number, number] => [rng.index(400), rng.index(400)]);
const graph = weightedGraph(
  400,
  edges.filter(([a, b]) => a !== b),
);

const bar = document.body.appendChild(document.createElement("progress"));
const text = document.body.appendChild(document.createElement("p"));
const createWorker = () => webWorker(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }));
const { energy, bound } = await solve(maxCut(graph), {
  ...{ seed: 1, until: { timeLimit: 2000 }, workers: 2, createWorker },
  onProgress: ({ done, total }) => Object.assign(bar, { value: done, max: total }),
});
text.textContent = `a cut of ${-energy}, at most ${-bound}`;
