import { ArgumentError } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import { givenState, type Initial } from "../run/initial.ts";
import {
  groupsOf,
  groupTemperature,
  type Streams,
  type WalkerMoves,
  type Walkers,
  type WalkersState,
} from "./walkers.ts";

/**
 * Returns walkers whose groups are `parts`: walkers of one group each, of equal size, on the same energy. Exchanging
 * two whole groups costs nothing. They can do what all of their parts can, except `tune`.
 *
 * @throws {ArgumentError} for no parts, and for parts of several groups or of different sizes.
 */
export function together<X, C extends Partial<WalkerMoves>>(
  parts: readonly Walkers<X, C>[],
): Walkers<X, Pick<C, Exclude<keyof C & keyof WalkerMoves, "tune">>> {
  const group = parts[0]?.group;
  if (group === undefined || parts.some((part) => part.group !== group || part.count !== group)) {
    throw new ArgumentError(
      `walkers taken together have one group each, all of the same size; got ${parts.length} parts of ${parts.map(({ count }) => count).join(", ")} walkers`,
    );
  }
  return new Together([...parts], group);
}

class Together<X, C extends Partial<WalkerMoves>> implements Walkers<X, C> {
  readonly count: number;
  readonly group: number;
  readonly can: C;
  readonly #parts: Walkers<X, C>[];
  readonly #row: Float64Array;

  constructor(parts: Walkers<X, C>[], group: number) {
    this.#parts = parts;
    this.count = parts.length * group;
    this.group = group;
    this.can = jointMoves(parts, group) as C;
    this.#row = new Float64Array(group);
  }

  start(streams: Streams, initial?: Initial<X>): void {
    for (const [g, part] of this.#parts.entries()) {
      const first = g * this.group;
      const own =
        initial === undefined ? undefined : (rng: Rng, w: number) => givenState(initial, rng, first + w);
      part.start(() => streams(g), own);
    }
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    const [from, to] = groupsOf(this, group);
    for (let g = from; g < to; g++) this.#parts[g].step(steps, groupTemperature(inverseTemperatures, g));
  }

  energies(out: Float64Array, group?: number): Float64Array {
    const [from, to] = groupsOf(this, group);
    const row = this.#row;
    for (let g = from; g < to; g++) {
      this.#parts[g].energies(row);
      for (let r = 0; r < row.length; r++) out[g * row.length + r] = row[r];
    }
    return out;
  }

  read(walker: number, out?: X): X {
    return this.#parts[Math.floor(walker / this.group)].read(walker % this.group, out);
  }

  write(walker: number, state: X): void {
    this.#parts[Math.floor(walker / this.group)].write(walker % this.group, state);
  }

  exchange(a: number, b: number, chosen?: Uint8Array): void {
    const parts = this.#parts;
    if (chosen === undefined || chosen.every((one) => one === 1)) {
      [parts[a], parts[b]] = [parts[b], parts[a]];
      return;
    }
    for (let r = 0; r < this.group; r++) {
      if (chosen[r] !== 1) continue;
      const state = parts[a].read(r);
      parts[a].write(r, parts[b].read(r));
      parts[b].write(r, state);
    }
  }

  save(): WalkersState {
    const saved = this.#parts.map((part) => part.save());
    const sizes = saved.flatMap(({ bytes, numbers }) => [bytes.length, numbers.length]);
    return {
      bytes: saved.flatMap(({ bytes }) => bytes),
      numbers: [this.#parts.length, ...sizes, ...saved.flatMap(({ numbers }) => numbers)],
    };
  }

  restore({ bytes, numbers }: WalkersState): void {
    let [b, n] = [0, 1 + 2 * this.#parts.length];
    if (numbers[0] !== this.#parts.length) throw new ArgumentError("the saved state is of other walkers");
    for (const [g, part] of this.#parts.entries()) {
      const [bytesEnd, numbersEnd] = [b + numbers[1 + 2 * g], n + numbers[2 + 2 * g]];
      part.restore({ bytes: bytes.slice(b, bytesEnd), numbers: numbers.slice(n, numbersEnd) });
      [b, n] = [bytesEnd, numbersEnd];
    }
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
  }
}

/** Returns what all of the parts can, part by part; `parts` is read anew at every call. */
function jointMoves<X>(parts: readonly Walkers<X>[], size: number): Partial<WalkerMoves> {
  const row = new Float64Array(size);
  const one = <K extends keyof WalkerMoves>(name: K, group: number) =>
    parts[group].can[name] as WalkerMoves[K];
  const each = <K extends keyof WalkerMoves>(
    name: K,
    call: (move: WalkerMoves[K], group: number) => void,
    group?: number,
  ) => {
    const [from, to] = group === undefined ? [0, parts.length] : [group, group + 1];
    for (let g = from; g < to; g++) call(one(name, g), g);
  };
  const all: Omit<WalkerMoves, "tune"> = {
    follow: (betas, from, to, group) => each("follow", (follow) => follow(betas, from, to), group),
    clusters: (rng, group) => one("clusters", group)(rng, 0),
    descend: (group) => each("descend", (descend) => descend(), group),
    magnetizations: (out) => {
      each("magnetizations", (magnetizations, g) => out.set(magnetizations(row), g * size));
      return out;
    },
    warmup: (steps, betas) => each("warmup", (warmup, g) => warmup(steps, groupTemperature(betas, g))),
    adopt: (tuned) => each("adopt", (adopt) => adopt(tuned)),
    settle: () => each("settle", (settle) => settle()),
    fetch: async (states) => {
      for (const g of parts.keys()) {
        const own = typeof states !== "number" || Math.floor(states / size) === g;
        await one("fetch", g)(typeof states !== "number" ? states : own ? states % size : undefined);
      }
    },
    takeUpdates: () => parts.reduce((sum, _, g) => sum + one("takeUpdates", g)(), 0),
    checkGradient: () => one("checkGradient", 0)(),
    info: (walker) => one("info", Math.floor(walker / size))(walker % size),
    addLogRatios: (out, from, to, group) =>
      each("addLogRatios", (add, g) => add(out.subarray(g * size, (g + 1) * size), from, to), group),
  };
  const names = Object.keys(all) as (keyof typeof all)[];
  return Object.fromEntries(
    names
      .filter((name) => parts.every(({ can }) => can[name] !== undefined))
      .map((name) => [name, all[name]]),
  );
}
