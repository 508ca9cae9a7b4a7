import { createRng } from "@basin/energy-core/random";
import { createLattice, createModel, potts, swendsenWang, wolff } from "@basin/ising";
import { heatBath, type MoveKernel, metropolis } from "@basin/samplers";
import { planOf, type Settings } from "./settings.ts";

/** A magnet that runs in slices: spins in the compiled kernels, labels of the Potts model in the general ones. */
export interface Machine {
  readonly size: number;
  readonly sites: number;
  /** What a unit of the run is. */
  readonly unit: "sweeps" | "clusters";
  readonly kernel: string;
  /** Units so far. */
  readonly done: number;
  run(count: number, temperature: number): void;
  /** Magnetization per site with its sign; of labels, the order parameter of Potts. */
  order(): number;
  /** Energy per site. */
  energy(): number;
  /** Returns a cell for each `side` × `side` sites: the share of up spins, 0 to 255; of labels, the label. */
  cells(side: number): Uint8Array;
}

/** Resolves to the magnet of the settings. */
export async function makeMachine(settings: Settings): Promise<Machine> {
  const { size, algorithm, field } = planOf(settings);
  const coupling = settings.coupling === "ferro" ? 1 : -1;
  if (settings.states > 2) return pottsMachine(settings, size, algorithm, coupling);
  const model = createModel(settings.lattice, size, { coupling, field });
  const { start, seed } = settings;
  const live = await createLattice(model, { algorithm, start, seed });
  // Before the first sweep this makes one cluster the unit of Wolff's sweeps: runs of any pace then add up to the bit.
  live.settle();
  const sites = model.variables;
  return {
    size,
    sites,
    unit: algorithm === "wolff" ? "clusters" : "sweeps",
    kernel:
      live.path === "packed" ? `${live.kernel}, 128 spins an instruction` : `${live.kernel}, ${live.path}`,
    get done() {
      return live.sweeps;
    },
    run: (count, temperature) => live.sweep(count, { temperature }),
    order: () => live.magnetization / sites,
    energy: () => live.energy / sites,
    cells: (side) => live.shades(side),
  };
}

const oneByOne: Partial<Record<string, () => MoveKernel>> = { metropolis, "heat-bath": heatBath };

function pottsMachine(settings: Settings, size: number, algorithm: string, coupling: number): Machine {
  const { states, start, seed, lattice } = settings;
  const model = potts(createModel(lattice, size, { coupling }), { states });
  const single = oneByOne[algorithm]?.();
  const kernel = single ?? (algorithm === "wolff" ? wolff() : swendsenWang());
  const rng = createRng(seed);
  const labels = new Uint8Array(model.variables);
  const startRng = rng.split(0);
  if (start === "random") for (let i = 0; i < labels.length; i++) labels[i] = startRng.index(states);
  const bound = kernel.bind(model);
  const state = bound.init(labels);
  const moves = rng.split(1);
  const counts = new Float64Array(states);
  let done = 0;
  return {
    size,
    sites: model.variables,
    unit: algorithm === "wolff" ? "clusters" : "sweeps",
    kernel: "JavaScript, label by label",
    get done() {
      return done;
    },
    run(count, temperature) {
      for (let k = 0; k < count; k++) bound.step(moves, state as never, 1 / temperature);
      done += count;
    },
    order() {
      counts.fill(0);
      for (const label of state.position) counts[label]++;
      const squares = counts.reduce((sum, count) => sum + (count / model.variables) ** 2, 0);
      return Math.sqrt(Math.max(0, (states * squares - 1) / (states - 1)));
    },
    energy: () => state.energy / model.variables,
    cells: () => state.position.slice(),
  };
}
