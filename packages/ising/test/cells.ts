import { createModel, type Lattice } from "@basin/ising";
import { spinStates } from "@basin/testing";

/** Energies and magnetizations of all states of a small lattice, folded into cells of (E, M). */
export class Cells {
  readonly index = new Map<string, number>();
  /** The cell of each state, in the order of `spinStates`. */
  readonly cell: number[] = [];
  readonly energies: number[] = [];

  constructor(lattice: Lattice = createModel("square", 4)) {
    for (const x of spinStates(lattice.variables)) {
      const energy = lattice.energy(x);
      const key = `${energy.toFixed(9)},${x.reduce((a, b) => a + b, 0)}`;
      if (!this.index.has(key)) this.index.set(key, this.index.size);
      this.cell.push(this.index.get(key) as number);
      this.energies.push(energy);
    }
  }

  law(beta: number): Float64Array {
    const weights = new Float64Array(this.index.size);
    for (const [code, cell] of this.cell.entries()) weights[cell] += Math.exp(-beta * this.energies[code]);
    return weights;
  }
}
