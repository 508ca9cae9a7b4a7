/** The functions of `assembly/dense.ts`; pointers and strides are in bytes. */
export interface DenseKernel {
  gemm(a: number, rs: number, ks: number, b: number, c: number, m: number, n: number, k: number): void;
  pack(from: number, rs: number, cs: number, k: number, n: number, to: number): void;
  activate(z: number, slope: number, bias: number, m: number, n: number, kind: number): void;
  multiply(a: number, b: number, count: number): void;
  columnSums(z: number, m: number, n: number, out: number): void;
  langevin(
    x: number,
    gradient: number,
    noise: number,
    count: number,
    stepSize: number,
    noiseScale: number,
    limit: number,
    low: number,
    high: number,
    sign: number,
  ): void;
  adam(
    parameters: number,
    gradient: number,
    first: number,
    second: number,
    average: number,
    count: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    shrink: number,
    averageDecay: number,
  ): void;
}
