/** What assembly/machine.ts exports; pointers in bytes. Its doc comments say what each function does. */
export interface MachineExports {
  fields(
    w: number,
    bias: number,
    lists: number,
    counts: number,
    out: number,
    samples: number,
    stride: number,
    width: number,
  ): void;
  squash(z: number, offset: number, samples: number, width: number, scale: number): void;
  draw(
    p: number,
    lists: number,
    counts: number,
    state: number,
    samples: number,
    stride: number,
    units: number,
    width: number,
  ): void;
  invert(
    lists: number,
    counts: number,
    byUnit: number,
    unitCounts: number,
    samples: number,
    stride: number,
    units: number,
    unitStride: number,
  ): void;
  ascend(
    w: number,
    velocity: number,
    units: number,
    width: number,
    plus: number,
    plusLists: number,
    plusCounts: number,
    plusStride: number,
    up: number,
    minus: number,
    minusLists: number,
    minusCounts: number,
    minusStride: number,
    down: number,
    momentum: number,
    rate: number,
    decay: number,
  ): void;
  transpose(from: number, to: number, rows: number, columns: number, width: number, toWidth: number): void;
  follow(average: number, w: number, vectors: number, rate: number): void;
  ratios(
    z: number,
    sums: number,
    products: number,
    samples: number,
    units: number,
    width: number,
    before: number,
    after: number,
  ): void;
}
