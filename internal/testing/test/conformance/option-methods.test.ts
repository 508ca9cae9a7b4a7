import { expect, test } from "vitest";
import { optionMethods } from "../../src/option-parameters.ts";
import { readOwnSurface } from "../../src/surface.ts";

using surface = readOwnSurface();
const methods = optionMethods(surface);
const load = (entry: string) =>
  import(surface.entries.find(({ name }) => name === `@basin/${entry}`)?.file ?? entry);
const { denseQuadratic } = await load("energy-core");
const { expression, vector } = await load("energy-core/expression");
const { denseMemory, heteroMemory, hopfield, modernMemory, sparseMemory } = await load("hopfield");
const { gpuHopfield, gpuModern } = await load("hopfield/webgpu");
const { bits, cluster, createLattice, createModel, graph, lanes, packed, square } = await load("ising");
const { layers, restrictedBoltzmannMachine } = await load("ising/learn");
const { outlierDetector } = await load("jem/outliers");
const { heatBath, lift } = await load("samplers");
const { liftBatch, tensorHmc } = await load("samplers/tensor");

/** Methods whose options are not checked by them, each with the reason. */
const exceptions: readonly [names: RegExp, reason: string][] = [
  [/Space\.(starts|descend|descendWithin)$/, "a task has checked the options, and each space reads its own"],
  [/^RetrievalLayer\.call$/, "tfjs gives the options"],
  [/^GpuEntry\.requestAdapter$/, "the browser takes the options"],
  [/^ClassMachine\.energy$/, "these are no options but a state with its label"],
  [
    /^(WalkerKernel|LiftedMoveKernel|Hmc)\.walkers$/,
    "the kernels of these types are called by others' names",
  ],
];

const patterns = [[1, -1, 1, -1]];
const rows = { logits: Array.from({ length: 40 }, (_, i) => [i / 10, 0]) };
const pair = denseQuadratic([
  [0, 1],
  [1, 0],
]);
const no = { noSuchOption: 1 };
const onCpu = { device: "cpu" };
// biome-ignore lint/suspicious/noExplicitAny: modules are loaded by the paths of their entries, without types.
type Named = any;

/** Calls with an option that the method does not have. */
const calls: readonly [method: string, call: () => unknown][] = [
  ["DenseMemory.recall", () => denseMemory(patterns).recall(patterns[0], no)],
  [
    "GpuHopfield.recallAll",
    async () => (await gpuHopfield(hopfield(patterns), onCpu)).recallAll(patterns, no),
  ],
  [
    "GpuModern.associate",
    async () => (await gpuModern(modernMemory(patterns), onCpu)).associate(patterns, no),
  ],
  [
    "GpuModern.recallAll",
    async () => (await gpuModern(modernMemory(patterns), onCpu)).recallAll(patterns, no),
  ],
  ["GpuModern.retrieve", async () => (await gpuModern(modernMemory(patterns), onCpu)).retrieve(patterns, no)],
  ["HeteroMemory.recallKey", () => heteroMemory(patterns, patterns).recallKey(patterns[0], no)],
  ["HeteroMemory.recallValue", () => heteroMemory(patterns, patterns).recallValue(patterns[0], no)],
  ["HopfieldMemory.recall", () => hopfield(patterns).recall(patterns[0], no)],
  ["HopfieldMemory.recall", () => hopfield(patterns).can.recall([Int8Array.from(patterns[0])], no)],
  ["LiftedKernel.walkers", () => lift(heatBath()).walkers(pair, no)],
  [
    "LiveLattice.sweep",
    async () => (await createLattice(createModel("square", 4), { seed: 1 })).sweep(1, no),
  ],
  ["ModernMemory.associate", () => modernMemory(patterns).associate(patterns, no)],
  ["ModernMemory.recall", () => modernMemory(patterns).recall(patterns[0], no)],
  ["ModernMemory.retrieve", () => modernMemory(patterns).retrieve(patterns, no)],
  [
    "Operations.solveTriangular",
    () =>
      expression({ x: vector(1) }, ({ x }: Named, { solveTriangular }: Named) =>
        solveTriangular([[1]], x, no),
      ),
  ],
  ["OutlierDetector.discover", () => outlierDetector(rows, { seed: 1 }).discover(rows, no)],
  ["OutlierDetector.watch", () => outlierDetector(rows, { seed: 1 }).watch(no)],
  ["SparseMemory.recall", () => sparseMemory([[1, 0, 0, 0]]).recall([1, 0, 0, 0], no)],
  ...[bits(), cluster(), graph(), lanes(), packed(), square()].map((kernel): [string, () => unknown] => [
    "SpinWalkerKernel.walkers",
    () => kernel.walkers(createModel("square", 32), no),
  ]),
  [
    "SpinWalkerKernel.walkers",
    () => layers().walkers(restrictedBoltzmannMachine({ visible: 2, hidden: 2, seed: 1 }), no),
  ],
  [
    "SpinWalkerKernel.walkers",
    () => liftBatch({ name: "still", propose: () => undefined }).walkers(pair, no),
  ],
  ["SpinWalkerKernel.walkers", () => tensorHmc({ stepSize: 1, steps: 1 }).walkers(pair, no)],
];

test.each(calls)("%s refuses an option that it does not have, listing those it has", async (method, call) => {
  const known = methods.find(({ name }) => name === method)?.options.join(", ");
  const failure = await Promise.resolve()
    .then(call)
    .then(() => "nothing failed", String);
  // Formulas add the place in the program.
  const [said, listed = ""] = failure.replace(/ \([^()]*\)$/, "").split("; known: ");
  expect(said).toBe(`ArgumentError: ${method.split(".")[1]} has no option "noSuchOption"`);
  expect(listed.split(", ").sort()).toEqual(known?.split(", ").sort());
});

test("every method with options is called or has a reason", () => {
  const called = new Set(calls.map(([name]) => name));
  const left = methods.filter(
    ({ name }) => !called.has(name) && !exceptions.some(([names]) => names.test(name)),
  );
  expect(left.map(({ name }) => name)).toEqual([]);
});
