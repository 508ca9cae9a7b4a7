import { ArgumentError } from "@basin/energy-core";
import type { Context } from "../context.ts";
import { places } from "./places.ts";
import type { Arrival, Failure } from "./runner.ts";
import type { Store } from "./store.ts";

/** Stores results as they arrive, and shows the progress. */
export class SweepLog {
  ran = 0;
  readonly failures = new Map<string, Failure>();
  readonly #store: Store;
  readonly #command: string;
  readonly #context: Context;
  readonly #show: () => void;

  constructor(store: Store, command: string, kept: number, total: number, context: Context) {
    this.#store = store;
    this.#command = command;
    this.#context = context;
    const update = context.progress("sweep");
    this.#show = () =>
      update({ done: kept + this.ran, total }, this.failures.size > 0 ? `${this.failures.size} failed` : "");
  }

  /** Stores a result. A result that is already there must be the same, if its command promises that. */
  arrive(arrival: Arrival): void {
    const difference = this.#store.keep(arrival);
    if (difference !== undefined) this.differ(arrival.id, difference);
    this.failures.delete(arrival.id);
    this.ran++;
    this.#show();
  }

  differ(id: string, difference: string): void {
    const reason = places[this.#command].differs;
    if (reason !== undefined)
      this.#context.warn(`task ${id} came twice, and differs: ${difference} (${reason}); the first is kept`);
    else
      throw new ArgumentError(
        `task ${id} has two results: ${difference}; the first is kept, and its command promises the same bits`,
      );
  }

  fail(failure: Failure, isLast: boolean): void {
    this.#store.fail(failure);
    if (isLast) this.failures.set(failure.id, failure);
    this.#show();
  }
}
