import { createRng, type Rng } from "@basin/energy-core/random";
import {
  anneal,
  cutWeight,
  type GroundState,
  groundState,
  maxCut,
  type WeightedGraph,
  weightedGraph,
} from "@basin/ising";
import * as Plot from "@observablehq/plot";
import { chart } from "../charts/chart.ts";
import type { Part, PartResult } from "./part.ts";

const NODES = 24;
const EDGES = 60;

/** Max-Cut on a small random graph: proven by enumeration, then found by annealing. */
export const maxCutPart: Part = {
  id: "maxCut",
  label: "Max-Cut, proven and annealed",
  async run({ seed, progress, signal }) {
    const graph = randomGraph(createRng(seed).split(3));
    const problem = maxCut(graph);
    const started = performance.now();
    const proven = groundState(problem);
    const enumerationSeconds = (performance.now() - started) / 1000;
    progress(0.8);
    const annealed = await anneal(problem, { reads: 100, sweeps: 200, seed, signal });
    const optimum = cutWeight(graph, proven.state);
    const found = cutWeight(graph, annealed.lowest.state);
    const optimalReads = annealed.energies.filter((energy) => energy === proven.energy).length;
    const reads = annealed.energies.length;
    return {
      results: {
        nodes: NODES,
        edges: EDGES,
        optimalCut: optimum,
        optimalEnergy: proven.energy,
        certificate: proven.certificate,
        optimalStates: proven.degeneracy,
        statesEnumerated: 2 ** (NODES - 1),
        enumerationSeconds,
        annealedCut: found,
        annealedEnergy: annealed.lowest.energy,
        annealedIsOptimal: found === optimum,
        reads,
        readsAtOptimum: optimalReads,
        annealingSeconds: annealed.timing.seconds,
        inverseTemperatures: annealed.inverseTemperatures,
      },
      section: sectionOf(graph, proven, annealed.lowest.energy, {
        found,
        optimum,
        optimalReads,
        reads,
        enumerationSeconds,
      }),
    };
  },
};

function sectionOf(
  graph: WeightedGraph,
  proven: GroundState,
  annealedEnergy: number,
  {
    found,
    optimum,
    optimalReads,
    reads,
    enumerationSeconds,
  }: Record<"found" | "optimum" | "optimalReads" | "reads" | "enumerationSeconds", number>,
): PartResult["section"] {
  return {
    title: "A spin glass that solves Max-Cut",
    lead:
      "Color the nodes of a graph in two colors so that as many edges as possible join different colors. With J = −1 on " +
      "every edge this is the ground state of an Ising model, and on 24 nodes every state can be tried.",
    rows: [
      {
        quantity: "largest cut (annealing against enumeration)",
        measured: `${found}`,
        exact: `${optimum}`,
      },
      {
        quantity: "ground-state energy",
        measured: `${annealedEnergy}`,
        exact: `${proven.energy}`,
      },
      { quantity: "reads that reach the optimum", measured: `${optimalReads} of ${reads}` },
      { quantity: "states that share the optimum", measured: `${proven.degeneracy}` },
    ],
    figures: [
      {
        caption: `The best cut: ${optimum} of ${EDGES} edges (drawn solid) join the two sides.`,
        svg: drawCut(graph, proven.state),
        width: 420,
      },
    ],
    method:
      `A random graph of ${NODES} nodes and ${EDGES} edges. All 2^${NODES - 1} states (up to a flip of every spin) are walked in ` +
      `Gray-code order in ${enumerationSeconds.toFixed(2)} s, which proves the optimum; then ${reads} annealed reads of 200 sweeps.`,
  };
}

function randomGraph(rng: Rng): WeightedGraph {
  const edges = new Map<string, [number, number, number]>();
  while (edges.size < EDGES) {
    const [i, j] = [rng.index(NODES), rng.index(NODES)].sort((a, b) => a - b);
    if (i !== j) edges.set(`${i},${j}`, [i, j, 1]);
  }
  return weightedGraph(NODES, [...edges.values()]);
}

/** Draws the two sides as two arcs facing each other, so that cut edges cross the middle. */
function drawCut(graph: WeightedGraph, spins: Int8Array): string {
  const sides = [-1, 1].map((side) => [...spins.keys()].filter((i) => spins[i] === side));
  const nodes = sides.flatMap((members, s) =>
    members.map((node, k) => {
      const angle = Math.PI * ((k + 1) / (members.length + 1) - 0.5);
      const sign = s === 0 ? -1 : 1;
      return {
        node,
        side: s === 0 ? "−1" : "+1",
        x: sign * (0.25 + Math.cos(angle)),
        y: 1.4 * Math.sin(angle),
      };
    }),
  );
  const at = new Map(nodes.map((node) => [node.node, node]));
  const { sources, targets } = graph;
  const edges = Array.from(sources, (source, e) => {
    const [from, to] = [at.get(source)!, at.get(targets[e])!];
    return { x1: from.x, y1: from.y, x2: to.x, y2: to.y, cut: from.side !== to.side };
  });
  const line = (cut: boolean, style: object) =>
    Plot.link(
      edges.filter((edge) => edge.cut === cut),
      { x1: "x1", y1: "y1", x2: "x2", y2: "y2", ...style },
    );
  return chart({
    width: 420,
    height: 380,
    margin: 16,
    x: { axis: null },
    y: { axis: null },
    color: { domain: ["−1", "+1"], range: ["#d1672b", "#0b7a75"] },
    marks: [
      line(true, { strokeOpacity: 0.45 }),
      line(false, { strokeOpacity: 0.8, strokeDasharray: "3,3" }),
      Plot.dot(nodes, { x: "x", y: "y", fill: "side", r: 9 }),
      Plot.text(nodes, { x: "x", y: "y", text: "node", fill: "white", fontSize: 9 }),
    ],
  });
}
