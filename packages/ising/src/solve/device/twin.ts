import { nextWord } from "@basin/energy-core/internal";
import type { GraphEngine } from "./engine.ts";
import { type GraphPlan, rowWords } from "./plan.ts";

/**
 * The engine in plain TypeScript. It works replica by replica on the problem's own couplings and gives the GPU's bits.
 */
export function graphTwin(plan: GraphPlan, words: number): GraphEngine {
  const { order, classes, bands, unit } = plan;
  const { variables, adjacency, fields } = plan.problem;
  const replicas = Array.from({ length: 32 * words }, () => new Int8Array(variables));
  const states = new Int32Array(4 * bands * words);

  /** σ_i (Σ_j J_ij σ_j + h_i) in units: half of what a flip costs. */
  const gapOf = (own: Int8Array, i: number) => {
    let pull = fields[i];
    for (let k = adjacency.starts[i]; k < adjacency.starts[i + 1]; k++)
      pull += adjacency.values[k] * own[adjacency.neighbors[k]];
    return (own[i] * pull) / unit;
  };

  const visit = (place: number, word: number, generator: number, row: Uint32Array) => {
    const i = order[place];
    const some = replicas.slice(32 * word, 32 * (word + 1));
    const gaps = some.map((own) => gapOf(own, i));
    let moved = gaps.flatMap((gap, r) => (gap < 0 || row[0] !== 0 ? [r] : []));
    const next = () => nextWord(states, 4 * generator, 1);
    for (let bit = row.length - 3; bit >= 0; bit--) {
      const asked = moved.filter((r) => gaps[r] >= 0 && (Math.floor(gaps[r] / 2) >> bit) & 1);
      const failed = failing(asked, row[2 + bit], next);
      moved = moved.filter((r) => !failed.has(r));
    }
    const failed = failing(
      moved.filter((r) => gaps[r] > 0 && gaps[r] % 2 === 1),
      row[1],
      next,
    );
    for (const r of moved) if (!failed.has(r)) some[r][i] *= -1;
  };

  return {
    words,
    start(spins, generators) {
      for (const [r, own] of replicas.entries())
        for (const [place, i] of order.entries())
          own[i] = (spins[place * words + (r >> 5)] >>> (r & 31)) & 1 ? 1 : -1;
      states.set(generators);
    },
    sweep(rows) {
      const each = rowWords(plan);
      for (let at = 0; at < rows.length; at += each)
        for (let c = 0; c + 1 < classes.length; c++)
          for (let place = classes[c]; place < classes[c + 1]; place++)
            for (let word = 0; word < words; word++) {
              const band = (place - classes[c]) % bands;
              visit(place, word, band * words + word, rows.subarray(at, at + each));
            }
    },
    totals: async () => {
      const sums = replicas.map((own) => {
        const gaps = Array.from(own, (_, i) => gapOf(own, i));
        // Each field is part of one gap, each coupling of two.
        const field = fields.reduce((sum, h, i) => sum + (h * own[i]) / unit, 0);
        const satisfied = (gaps.reduce((sum, gap) => sum + gap, 0) + field) / 2;
        return [(plan.total - satisfied) / 2, gaps.filter((gap) => gap < 0).length];
      });
      return Uint32Array.from(sums.flat());
    },
    spins: async () => {
      const all = new Uint32Array(variables * words);
      for (const [r, own] of replicas.entries())
        for (const [place, i] of order.entries())
          if (own[i] > 0) all[place * words + (r >> 5)] |= 1 << (r & 31);
      return all;
    },
    generators: async () => new Uint32Array(states),
    done: async () => {},
    dispose() {},
  };
}

/**
 * Returns those of the given replicas whose uniform number is not below the threshold. It compares digit by digit from
 * the top, with one random word for all replicas.
 */
function failing(asked: readonly number[], threshold: number, next: () => number): Set<number> {
  const failed = new Set(asked);
  let open = [...asked];
  for (let k = 31; k >= 0 && open.length > 0; k--) {
    const wanted = (threshold >>> k) & 1;
    const random = next();
    const isDecided = (r: number) => ((random >>> r) & 1) !== wanted;
    if (wanted === 1) for (const r of open) if (isDecided(r)) failed.delete(r);
    open = open.filter((r) => !isDecided(r));
  }
  return failed;
}
