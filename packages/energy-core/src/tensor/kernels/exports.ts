type Images = [n: number, h: number, w: number];
type Taps = [
  oh: number,
  ow: number,
  kh: number,
  kw: number,
  sh: number,
  sw: number,
  dh: number,
  dw: number,
  top: number,
  left: number,
];
type Depthwise = [...Images, c: number, multiplier: number, ...Taps];

/**
 * The exports of assembly/gradients.ts, which says what each does. Pointers are byte addresses in the memory of tfjs's
 * wasm backend.
 */
export interface GradientKernels {
  add(to: number, from: number, count: number): void;
  clear(to: number, count: number): void;
  transpose(from: number, to: number, rows: number, columns: number): void;
  patches(x: number, out: number, ...window: [...Images, c: number, ...Taps]): void;
  addPatches(x: number, rows: number, ...window: [...Images, c: number, ...Taps]): void;
  depthwiseInput(dx: number, dy: number, filter: number, ...window: Depthwise): void;
  depthwiseFilter(filter: number, x: number, dy: number, ...window: Depthwise): void;
  product(
    a: number,
    b: number,
    c: number,
    m: number,
    depth: number,
    n: number,
    transposedA: boolean,
    transposedB: boolean,
    scratch: number,
  ): void;
  trim(c: number, out: number, m: number, n: number): void;
  sumRows(out: number, x: number, rows: number, inner: number): void;
  segmentSum(out: number, x: number, segments: number, rows: number, inner: number, count: number): void;
}
