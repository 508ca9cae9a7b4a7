import type { QuadraticEnergy } from "@basin/energy-core";
import { checkOptions, type KernelName, type KernelOption } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { WalkerKernel, Walkers } from "@basin/samplers";
import {
  groupTemperature,
  type Initial,
  type Streams,
  together,
  type WalkerMoves,
  type WalkerOptions,
  type WalkersState,
  writeInitial,
} from "@basin/samplers/internal";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { type StartName, startSpins } from "./start.ts";

/** What moves walkers: an implementation of a kernel on this machine's processor, or a GPU. */
export type EngineName = KernelName | "webgpu";

/** Which implementation of a kernel moves walkers. */
export interface KernelReport {
  readonly kernel: EngineName;
  /** Why TypeScript runs although wasm was allowed. */
  readonly fallback?: string;
}

/** What walkers over a spin system can: be measured where they are. */
export interface SpinMoves
  extends Pick<WalkerMoves, "magnetizations" | "takeUpdates">,
    Partial<Pick<WalkerMoves, "settle" | "fetch">> {
  /**
   * Takes `steps` steps and measures, as often as `energies` has room for each group, and resolves when the
   * measurements are in the arrays: of every group, one after the other.
   */
  record?(
    steps: number,
    inverseTemperatures: number | ArrayLike<number>,
    energies: Float64Array,
    magnetizations: Float64Array,
  ): Promise<void>;
  /**
   * Writes the shares of up spins in squares, as `shades` of a live lattice does, where the bits lie; absent where
   * spins must be read one by one.
   */
  shades?(side: number, out: Uint8Array): void;
}

/** Spins that one algorithm moves. */
export type SpinWalkers = Walkers<Int8Array, SpinMoves> & KernelReport;

/** A kernel over spin systems, any quadratic energy of spins among them; its walkers are groups of one. */
export type SpinWalkerKernel<M = QuadraticEnergy | SpinProblem> = WalkerKernel<M, Int8Array, SpinWalkers>;

/** Options that the kernels over spin systems share. */
export interface EngineOptions {
  /** Where walkers start. Default "random". */
  start?: StartName;
  /** Which implementation runs; both give the same bits. Default "auto". */
  kernel?: KernelOption;
}

/** One walker in a memory of its own. */
export abstract class OneState implements Walkers<Int8Array, SpinMoves>, KernelReport {
  readonly count = 1;
  readonly group = 1;
  readonly kernel: EngineName;
  readonly fallback?: string;
  readonly can: SpinMoves = {
    magnetizations: (out) => {
      out[0] = this.magnetization();
      return out;
    },
    takeUpdates: () => {
      const { updates } = this;
      this.updates = 0;
      return updates;
    },
  };
  /** Spins that the sweeps since the last question attempted to flip (clusters: flipped). */
  protected updates = 0;
  readonly #model: SpinProblem;
  readonly #start: StartName;

  constructor(model: SpinProblem, { kernel, fallback }: KernelReport, start: StartName = "random") {
    this.kernel = kernel;
    if (fallback !== undefined) this.fallback = fallback;
    this.#model = model;
    this.#start = start;
  }

  /** Lets the next sweeps draw from `rng`. */
  protected abstract seed(rng: Rng): void;
  protected abstract load(spins: ArrayLike<number>): void;
  protected abstract spins(out: Int8Array): Int8Array;
  protected abstract sweep(count: number, inverseTemperature: number): void;
  /** Total magnetization M = Σ σ_i. */
  protected abstract magnetization(): number;
  /** Total energy H(σ). */
  protected abstract energy(): number;
  abstract save(): WalkersState;
  abstract restore(saved: WalkersState): void;

  /** Puts the spins in order. */
  protected order(): void {
    this.load(startSpins(this.#model, "ordered"));
  }

  start(streams: Streams, initial?: Initial<Int8Array>): void {
    const rng = streams(0);
    this.seed(rng.split(1));
    this.updates = 0;
    if (this.#start === "ordered") this.order();
    else if (initial === undefined) this.load(startSpins(this.#model, "random", rng.split(0)));
    writeInitial(this, streams, initial);
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>): void {
    this.sweep(steps, groupTemperature(inverseTemperatures, 0));
  }

  energies(out: Float64Array): Float64Array {
    out[0] = this.energy();
    return out;
  }

  read(_walker: number, out: Int8Array = new Int8Array(this.#model.variables)): Int8Array {
    return this.spins(out);
  }

  write(_walker: number, spins: Int8Array): void {
    this.#model.space.check(spins, "state");
    this.load(spins);
  }

  exchange(): void {}

  dispose(): void {}
}

/** Returns a kernel whose groups are walkers that `make` makes one by one. */
export function oneByOne<M>(
  name: string,
  make: (model: M) => OneState | Promise<OneState>,
): SpinWalkerKernel<M> {
  return {
    name,
    group: 1,
    async walkers(model: M, options: WalkerOptions<Int8Array>): Promise<SpinWalkers> {
      checkOptions("walkers", options, "groups streams initial");
      const { groups = 1, streams, initial } = options;
      const parts: OneState[] = [];
      for (let g = 0; g < groups; g++) parts.push(await make(model));
      const [{ kernel, fallback }] = parts;
      const all = parts.length === 1 ? parts[0] : Object.assign(together(parts), { kernel, fallback });
      all.start(streams, initial);
      return all;
    },
  };
}
