import { type DifferentiableEnergy, differentiable } from "@basin/energy-core";
import { wasmModule } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { wasm } from "../src/wasm/densities.generated.ts";

interface Kernels {
  gaussian(p: number, x: number, g: number, d: number): number;
  logistic(z: number, beta: number, g: number, sums: number, n: number, d: number): number;
}

const densities = wasmModule<Kernels>(wasm);

async function instantiate(bytes: number): Promise<{ exports: Kernels; numbers: Float64Array }> {
  const { exports, memory } = await densities.instantiate(bytes);
  return { exports, numbers: new Float64Array(memory.buffer) };
}

/**
 * The Gaussian of the peers' figures: correlation ½ between all pairs, standard deviations from ½ to 2; precision by
 * rows.
 */
export function equicorrelated(d: number): Float64Array {
  const rho = 0.5;
  const sd = (i: number) => 0.5 + (1.5 * i) / (d - 1);
  return Float64Array.from({ length: d * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    const inverse = ((i === j ? 1 : 0) - rho / (1 + (d - 1) * rho)) / (1 - rho);
    return inverse / (sd(i) * sd(j));
  });
}

/** The same by a dense matrix–vector product in WebAssembly. `d` a multiple of 4. */
export async function wasmGaussian(d: number): Promise<DifferentiableEnergy> {
  const { exports, numbers } = await instantiate(8 * (d * d + 2 * d));
  numbers.set(equicorrelated(d));
  const xAt = d * d;
  const gAt = xAt + d;
  const x = numbers.subarray(xAt, gAt);
  const g = numbers.subarray(gAt, gAt + d);
  return differentiable(d, (position, out) => {
    x.set(position);
    const energy = exports.gaussian(0, 8 * xAt, 8 * gAt, d);
    out.set(g);
    return energy;
  });
}

/** The same by a dense matrix–vector product in plain TypeScript. */
export function plainGaussian(d: number): DifferentiableEnergy {
  const precision = equicorrelated(d);
  return differentiable(d, (x, out) => {
    let energy = 0;
    for (let i = 0, at = 0; i < d; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++, at++) sum += precision[at] * x[j];
      out[i] = sum;
      energy += 0.5 * sum * x[i];
    }
    return energy;
  });
}

/**
 * Columns y_i x_ij of a logistic regression with `n` rows and `d` normal features, whose true margins have variance 1.
 */
export function signedFeatures(n: number, d: number): Float64Array {
  const rng = createRng(1);
  const truth = Float64Array.from({ length: d }, () => rng.normal() / Math.sqrt(d));
  const columns = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const x = Float64Array.from({ length: d }, () => rng.normal());
    const margin = x.reduce((sum, value, j) => sum + value * truth[j], 0);
    const y = rng.bernoulli(1 / (1 + Math.exp(-margin))) ? 1 : -1;
    for (let j = 0; j < d; j++) columns[j * n + i] = y * x[j];
  }
  return columns;
}

/** Logistic regression in WebAssembly. `n` a multiple of 8. */
export async function wasmLogistic(n: number, d: number): Promise<DifferentiableEnergy> {
  const { exports, numbers } = await instantiate(8 * (n * d + 4 * d + 8));
  numbers.set(signedFeatures(n, d));
  const betaAt = n * d + ((n * d) % 2);
  const gAt = betaAt + d + (d % 2);
  const sumsAt = gAt + d + (d % 2);
  const beta = numbers.subarray(betaAt, betaAt + d);
  const g = numbers.subarray(gAt, gAt + d);
  const productAt = sumsAt + 2 * d;
  return differentiable(d, (position, out) => {
    beta.set(position);
    const energy = exports.logistic(0, 8 * betaAt, 8 * gAt, 8 * sumsAt, n, d);
    out.set(g);
    return energy + Math.log(numbers[productAt]) + Math.log(numbers[productAt + 1]);
  });
}

/** The same in plain TypeScript. */
export function plainLogistic(n: number, d: number): DifferentiableEnergy {
  const columns = signedFeatures(n, d);
  const rows = Float64Array.from({ length: n * d }, (_, at) => columns[(at % d) * n + Math.floor(at / d)]);
  return differentiable(d, (x, out) => {
    let energy = 0;
    for (let j = 0; j < d; j++) {
      out[j] = x[j];
      energy += 0.5 * x[j] * x[j];
    }
    for (let i = 0, at = 0; i < n; i++, at += d) {
      let margin = 0;
      for (let j = 0; j < d; j++) margin += rows[at + j] * x[j];
      const e = Math.exp(-Math.abs(margin));
      energy += Math.max(-margin, 0) + Math.log1p(e);
      const weight = (margin < 0 ? 1 : e) / (1 + e);
      for (let j = 0; j < d; j++) out[j] -= weight * rows[at + j];
    }
    return energy;
  });
}
