import { TAPE_SPARE, Tape } from "@basin/energy-core/internal";
import type { GraphExports } from "./exports.ts";

/** Where the kernel leaves the number of clusters it grew. */
export const CLUSTER_COUNT = TAPE_SPARE;

const WOLFF = 0;
const IN_CLUSTER = 2;
const TURNS_OVER = 4;

/** The random choices of growing clusters. */
export interface ClusterDraws {
  /** A uniform spin of n. */
  index(n: number): number;
  /** Whether the bond of entry k is taken; only an open one, satisfied and leading out of all clusters, can be. */
  bond(k: number, open: boolean): boolean;
  /** Whether a cluster turns over. */
  coin(): boolean;
}

/**
 * A graph without fields. An entry of a row is a neighbor j as 2j + (J < 0); a spin is a byte: bit 0 the spin, bit 1
 * "in a cluster", bit 2 "its cluster turns over".
 */
export interface ClusterArrays {
  readonly starts: Int32Array;
  readonly codes: Int32Array;
  readonly spins: Uint8Array;
  /** Scratch space, an entry a spin and one more. */
  readonly stack: Int32Array;
}

/** The cluster half of assembly/graph.ts in TypeScript: the same bits over the same memory. */
export function clusterTwin(
  buffer: ArrayBuffer,
): Pick<GraphExports, "growClusters" | "sumBytes" | "brokenBonds"> {
  const words = new Int32Array(buffer);
  return {
    sumBytes: (from, n) => new Int8Array(buffer, from, n).reduce((sum, value) => sum + value, 0),
    brokenBonds(n, starts, neighbors, spins) {
      const [first, codes, bytes] = [starts >> 2, neighbors >> 2, new Uint8Array(buffer, spins, n)];
      let broken = 0;
      for (let i = 0; i < n; i++) {
        for (let k = words[first + i]; k < words[first + i + 1]; k++) {
          const code = words[codes + k];
          if (code >> 1 > i) broken += (bytes[code >> 1] ^ bytes[i] ^ code) & 1;
        }
      }
      return broken;
    },
    growClusters(mode, n, starts, neighbors, bonds, stride, spins, stack, _block, clusters, target) {
      const tape = new Tape(words);
      const draws = tapeDraws(new Uint32Array(buffer), tape, bonds >> 2, stride >> 2);
      const graph: ClusterArrays = {
        starts: new Int32Array(buffer, starts, n + 1),
        codes: new Int32Array(buffer, neighbors),
        spins: new Uint8Array(buffer, spins, n),
        stack: new Int32Array(buffer, stack, n + 1),
      };
      let [visited, grown] = [0, 0];
      if (mode === WOLFF) {
        while (clusters > 0 ? grown < clusters : visited < target) {
          visited += wolffStep(graph, draws);
          grown++;
        }
      } else {
        for (let sweep = 0; sweep < clusters; sweep++) {
          grown += swendsenWangSweep(graph, draws);
          visited += n;
        }
      }
      tape.save();
      words[CLUSTER_COUNT >> 2] = grown;
      return visited;
    },
  };
}

function tapeDraws(memory: Uint32Array, tape: Tape, bonds: number, step: number): ClusterDraws {
  return {
    index(n) {
      // Lemire (2019): the upper half of a 64-bit product, without bias; halves keep it exact in doubles.
      for (;;) {
        const word = memory[tape.next()];
        const low = (word & 0xffff) * n;
        const upper = (word >>> 16) * n + Math.floor(low / 65536);
        const rest = (upper % 65536) * 65536 + (low % 65536);
        if (rest >= 4294967296 % n) return Math.floor(upper / 65536);
      }
    },
    // A word is drawn for every bond, open or not: the compiled twin does not branch on it.
    bond(k, open) {
      const word = memory[tape.next()];
      const high = memory[bonds + step * k];
      if (word !== high) return open && word < high;
      return memory[tape.next()] < memory[bonds + step * k + 1] && open;
    },
    coin: () => memory[tape.next()] >>> 31 === 1,
  };
}

/**
 * Grows one cluster from a random spin and flips it (Wolff 1989); returns its size. Rejection-free: exp(−βH) is
 * stationary for any couplings, though clusters help only where they are not frustrated.
 */
export function wolffStep(graph: ClusterArrays, draws: ClusterDraws): number {
  const size = growCluster(graph, draws.index(graph.spins.length), draws);
  toggle(graph, size, IN_CLUSTER + 1);
  return size;
}

/**
 * Divides all spins into clusters and flips each with probability ½ (Swendsen & Wang 1987); returns the number of
 * clusters. Every bond is looked at once: later clusters pass over spins that earlier ones hold.
 */
export function swendsenWangSweep(graph: ClusterArrays, draws: ClusterDraws): number {
  const { spins } = graph;
  let clusters = 0;
  for (let seed = 0; seed < spins.length; seed++) {
    if ((spins[seed] & IN_CLUSTER) !== 0) continue;
    const size = growCluster(graph, seed, draws);
    clusters++;
    toggle(graph, size, draws.coin() ? TURNS_OVER : 0);
  }
  // Turned over at the end: bonds between clusters are judged by the old spins.
  for (let i = 0; i < spins.length; i++) spins[i] = (spins[i] ^ (spins[i] >> 2)) & 1;
  return clusters;
}

/** Lists the cluster of `seed` on the stack and returns its size. */
function growCluster(
  { starts, codes, spins, stack }: ClusterArrays,
  seed: number,
  draws: ClusterDraws,
): number {
  stack[0] = seed;
  spins[seed] |= IN_CLUSTER;
  let size = 1;
  for (let done = 0; done < size; done++) {
    const i = stack[done];
    const own = spins[i] & 1;
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = codes[k] >> 1;
      if (!draws.bond(k, (spins[j] ^ own ^ (codes[k] & 1)) === 0)) continue;
      spins[j] |= IN_CLUSTER;
      stack[size++] = j;
    }
  }
  return size;
}

function toggle({ spins, stack }: ClusterArrays, size: number, bits: number): void {
  for (let done = 0; done < size; done++) spins[stack[done]] ^= bits;
}
