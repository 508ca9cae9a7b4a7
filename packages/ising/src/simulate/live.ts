import { ArgumentError, checkNumber } from "@basin/energy-core";
import {
  checkName,
  checkOptions,
  type KernelOption,
  resolveInverseTemperature,
  seedOf,
  type TemperatureOptions,
} from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { EngineName, SpinWalkers } from "../sweep/one-state.ts";
import { type StartName, startNames } from "../sweep/start.ts";
import { createEngine, type Engine } from "./engine.ts";
import { type Algorithm, algorithmNames } from "./options.ts";

/** Options of {@link createLattice}. */
export interface LiveOptions {
  /** Default "metropolis". */
  algorithm?: Algorithm;
  /** Default "random". */
  start?: StartName | Int8Array;
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /** Default "auto". */
  kernel?: KernelOption;
}

/** A model that runs a few sweeps at a time, for animations and experiments. */
export interface LiveLattice {
  readonly model: SpinProblem;
  readonly seed: number;
  /** How spins are stored and moved; `kernel` says which implementation runs. */
  readonly path: Engine["path"];
  readonly kernel: EngineName;
  /** Why TypeScript runs although wasm was allowed. */
  readonly fallback?: string;
  /** H(σ). */
  readonly energy: number;
  /** M = Σ σ_i. */
  readonly magnetization: number;
  /** Sweeps so far. */
  readonly sweeps: number;
  /** Runs `count` sweeps at T or β, one of which is required; the temperature may change from call to call. */
  sweep(count: number, temperature: TemperatureOptions): void;
  /**
   * Fixes the number of clusters in a Wolff sweep: as many as flipped every spin about once in the sweeps so far, or
   * one without sweeps. Until then such a sweep ends when enough spins are flipped, which favors some states, so call
   * it before measuring. It does nothing for other algorithms.
   */
  settle(): void;
  /** Writes the spins, ±1 in site order, into `out` (length `model.variables`; default a new array) and returns it. */
  spins(out?: Int8Array): Int8Array;
  /**
   * Writes a 32-bit color for each spin into `out` and returns it. `out` may be a view of the buffer of an `ImageData`,
   * where a little-endian machine reads a color as 0xAABBGGRR.
   */
  pixels(out: Uint32Array, up: number, down: number): Uint32Array;
  /**
   * Writes, for each square of `side` × `side` sites of a lattice in the plane, the share of its spins that are up as a
   * number from 0 to 255, squares row by row, into `out` (default a new array) and returns it: the picture of a lattice
   * with more sites than a screen has pixels. It is fastest on square tori.
   *
   * @throws {ArgumentError} unless the model is a lattice of rows and columns whose numbers are multiples of `side`.
   */
  shades(side: number, out?: Uint8Array): Uint8Array;
}

/**
 * Resolves to a model that runs a few sweeps at a time. All its calls are synchronous.
 *
 * @example
 * ```ts
 * import { createLattice, createModel } from "@basin/ising";
 *
 * const live = await createLattice(createModel("square", 256), { start: "random", seed: 1 });
 * live.sweep(10, { temperature: 1.5 });
 * console.log(live.energy / 256 ** 2, live.magnetization / 256 ** 2);
 * ```
 *
 * @throws {ArgumentError} for an unknown name or a seed that is not a non-negative integer.
 */
export async function createLattice(model: SpinProblem, options: LiveOptions = {}): Promise<LiveLattice> {
  checkOptions("createLattice", options, "algorithm start seed kernel");
  const algorithm = checkName("algorithm", options.algorithm ?? "metropolis", algorithmNames);
  const start = options.start ?? "random";
  if (typeof start === "string") checkName("start", start, startNames);
  const seed = seedOf(options);
  const rng = createRng(seed);
  const { path, walkers } = await createEngine(model, algorithm, start, rng, options.kernel);
  return new Live(model, seed, path, walkers);
}

class Live implements LiveLattice {
  readonly model: SpinProblem;
  readonly seed: number;
  readonly path: Engine["path"];
  readonly kernel: EngineName;
  readonly fallback?: string;
  sweeps = 0;
  readonly #walkers: SpinWalkers;
  readonly #one = new Float64Array(1);
  readonly #spins: Int8Array;

  constructor(model: SpinProblem, seed: number, path: Engine["path"], walkers: SpinWalkers) {
    this.model = model;
    this.seed = seed;
    this.path = path;
    this.kernel = walkers.kernel;
    if (walkers.fallback !== undefined) this.fallback = walkers.fallback;
    this.#walkers = walkers;
    this.#spins = new Int8Array(model.variables);
  }

  get energy(): number {
    return this.#walkers.energies(this.#one)[0];
  }

  get magnetization(): number {
    return this.#walkers.can.magnetizations(this.#one)[0];
  }

  sweep(count: number, temperature: TemperatureOptions): void {
    checkOptions("sweep", temperature, "inverseTemperature temperature");
    checkNumber("count", count, { min: 0, max: 2 ** 31 - 1, integer: true });
    this.#walkers.step(count, resolveInverseTemperature(temperature, "sweep"));
    this.sweeps += count;
  }

  settle(): void {
    this.#walkers.can.settle?.();
  }

  spins(out = new Int8Array(this.model.variables)): Int8Array {
    return this.#walkers.read(0, out);
  }

  pixels(out: Uint32Array, up: number, down: number): Uint32Array {
    const spins = this.#walkers.read(0, this.#spins);
    for (let i = 0; i < spins.length; i++) out[i] = spins[i] > 0 ? up : down;
    return out;
  }

  shades(side: number, out?: Uint8Array): Uint8Array {
    const [rows, columns] = this.#squares(side);
    const shades = out ?? new Uint8Array((rows * columns) / side ** 2);
    const { shades: inPlace } = this.#walkers.can;
    // The tiles of the fast path are sixteenths of the columns and eighths of the rows.
    if (inPlace && rows % (8 * side) === 0 && columns % (16 * side) === 0) inPlace(side, shades);
    else shadeSpins(this.#walkers.read(0, this.#spins), columns, side, shades);
    return shades;
  }

  #squares(side: number): readonly [rows: number, columns: number] {
    checkNumber("side", side, { min: 1, integer: true });
    const { model } = this;
    const shape = model instanceof Lattice ? model.shape : [];
    if (shape.length !== 2 || shape.some((length) => length % side !== 0)) {
      throw new ArgumentError(
        `squares of ${side} × ${side} sites do not tile a model of shape [${shape.join(", ")}]; expected a lattice of rows and columns that are multiples of ${side}`,
      );
    }
    return [shape[0], shape[1]];
  }
}

function shadeSpins(spins: Int8Array, columns: number, side: number, out: Uint8Array): void {
  const across = columns / side;
  const counts = new Float64Array(spins.length / side ** 2);
  for (let i = 0; i < spins.length; i++) {
    if (spins[i] < 0) continue;
    counts[Math.floor(i / columns / side) * across + Math.floor((i % columns) / side)]++;
  }
  for (let k = 0; k < counts.length; k++) out[k] = (255 * counts[k]) / side ** 2;
}
