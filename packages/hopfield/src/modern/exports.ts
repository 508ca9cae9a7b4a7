/** What one call of the retrieval kernel works on: positions in its memory, in bytes, and sizes. */
export type RetrieveArguments = [
  x: number,
  bias: number,
  v: number,
  q: number,
  s: number,
  out: number,
  nearest: number,
  threshold: number,
  count: number,
  d: number,
  dv: number,
  m: number,
  beta: number,
  relu: number,
];

/** The exports of the kernel's module. */
export interface RetrieveExports {
  retrieve(...args: RetrieveArguments): void;
}
