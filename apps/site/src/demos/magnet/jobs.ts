import { type Machine, makeMachine } from "./machine.ts";
import type { Settings } from "./settings.ts";

export { exactMagnet, visits } from "./exact.ts";

/** What a slice of a run shows and measures. */
export interface Slice {
  readonly cells: Uint8Array;
  /** Cells along a side. */
  readonly across: number;
  readonly size: number;
  readonly done: number;
  readonly unit: Machine["unit"];
  readonly kernel: string;
  /** Order and energy per site after each unit, or after the last where a slice has many. */
  readonly order: number;
  readonly energy: number;
  /** Sites attempted in this slice and the milliseconds it took. */
  readonly attempted: number;
  readonly milliseconds: number;
}

/** Cells along a side that a picture has at most. */
const mostCells = 1024;
/** Sites from one look at the clock to the next: well under a millisecond of packed spins. */
const sitesBetweenLooks = 2 ** 19;

let machine: Machine;

/** Makes the magnet of the settings and shows it. */
export async function begin(settings: Settings): Promise<Slice> {
  machine = await makeMachine(settings);
  return slice(0, 0);
}

/** Runs `count` units, or fewer when `budget` milliseconds are over but at least one, and shows what is there. */
export function advance({
  count,
  temperature,
  budget,
}: {
  count: number;
  temperature: number;
  budget: number;
}): Slice {
  const chunk = Math.max(1, Math.floor(sitesBetweenLooks / machine.sites));
  const began = performance.now();
  let done = 0;
  do {
    const now = machine.unit === "clusters" ? 1 : Math.min(chunk, count - done);
    machine.run(now, temperature);
    done += now;
  } while (done < count && performance.now() - began < budget);
  return slice(done * machine.sites, performance.now() - began);
}

function slice(attempted: number, milliseconds: number): Slice {
  const { size, done, unit, kernel } = machine;
  const side = Math.max(1, size / mostCells);
  const [order, energy] = [machine.order(), machine.energy()];
  return {
    cells: machine.cells(side),
    across: size / side,
    size,
    done,
    unit,
    kernel,
    order,
    energy,
    attempted,
    milliseconds,
  };
}
