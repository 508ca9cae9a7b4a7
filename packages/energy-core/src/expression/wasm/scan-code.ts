/** The loop of a scan, whose twin is `scanKernel` of ../scan-kernel.ts. */
import type { Node } from "../node.ts";
import { layout } from "../scan-kernel.ts";
import { FunctionWriter, I32 } from "./encode.ts";
import type { Memory } from "./memory.ts";
import { pair, scalar } from "./mode.ts";

/** An address: a known one, and a local that is added to it. */
interface Address {
  readonly at: number;
  readonly local?: number;
}

/** Doubles that are copied one by one rather than by the instruction for blocks. */
const FEW = 16;

/** Writes what copies `count` doubles between ranges that do not overlap. */
export function copyDoubles(f: FunctionWriter, to: Address, from: Address, count: number): void {
  const put = ({ local }: Address) => (local === undefined ? f.i32(0) : f.get(local));
  if (count > FEW) {
    for (const address of [to, from]) {
      put(address);
      f.i32(address.at);
      f.put(0x6a);
    }
    f.i32(8 * count);
    f.put(0xfc, 0x0a, 0, 0);
    return;
  }
  for (let k = 0; k < count; ) {
    const mode = k + 2 <= count ? pair : scalar;
    put(to);
    put(from);
    f.access(mode.load, from.at + 8 * k);
    f.access(mode.store, to.at + 8 * k);
    k += mode.lanes;
  }
}

/**
 * Returns the code of a scan.
 *
 * @param staged where steps leave the carries after them, and what is kept of each.
 * @param step writes one step.
 */
export function scanCode(
  memory: Memory,
  scan: Node,
  staged: readonly number[],
  step: (f: FunctionWriter) => void,
): FunctionWriter {
  const { steps, isReversed, carries, entries, each, sums } = scan.body!;
  const [base, at] = [memory.of(scan), layout(scan.body!)];
  const f = new FunctionWriter();
  const held = carries.map((carry) => memory.of(carry));
  for (const [k, { size }] of carries.entries()) {
    const first = { at: memory.of(scan.inputs[k]) };
    copyDoubles(f, { at: held[k] }, first, size);
    copyDoubles(f, { at: base + 8 * (at.carries[k] + (isReversed ? steps * size : 0)) }, first, size);
  }
  if (sums.length > 0) {
    f.i32(base + 8 * at.sums[0]);
    f.i32(0);
    f.i32(8 * (at.length - at.sums[0]));
    f.put(0xfc, 0x0b, 0);
  }
  const left = f.local(I32);
  f.i32(steps);
  f.set(left);
  /** For each number of doubles in a row, a local with the bytes of the rows passed. */
  const sizes = new Set([...carries, ...entries, ...each].map(({ size }) => size));
  const rows = new Map([...sizes].map((size) => [size, f.local(I32)]));
  for (const [size, local] of rows) {
    f.i32(isReversed ? 8 * size * (steps - 1) : 0);
    f.set(local);
  }
  const row = (from: number, size: number): Address => ({ at: from, local: rows.get(size)! });
  f.put(0x03, 0x40);
  for (const [k, entry] of entries.entries()) {
    const sequence = memory.of(scan.inputs[carries.length + k]);
    copyDoubles(f, { at: memory.of(entry) }, row(sequence, entry.size), entry.size);
  }
  step(f);
  for (const [k, { size }] of carries.entries()) {
    const after = base + 8 * (at.carries[k] + (isReversed ? 0 : size));
    for (const to of [row(after, size), { at: held[k] }]) copyDoubles(f, to, { at: staged[k] }, size);
  }
  for (const [k, { size }] of each.entries())
    copyDoubles(f, row(base + 8 * at.each[k], size), { at: staged[carries.length + k] }, size);
  for (const [size, local] of rows) advance(f, local, isReversed ? -8 * size : 8 * size);
  advance(f, left, -1);
  f.get(left);
  f.put(0x0d, 0, 0x0b);
  return f;
}

function advance(f: FunctionWriter, local: number, by: number): void {
  f.get(local);
  f.i32(by);
  f.put(0x6a);
  f.set(local);
}
