/**
 * Random bits for kernels that read them in an order of their own: a tape of vectors in memory, refilled in bulk by
 * sixteen generators, so that their states stay in registers. The twin is `Tape` of @basin/energy-core/internal.
 *
 *     0        64       128      192      256   260           272                    4368
 *     | group 0 | group 1 | group 2 | group 3 | position | … | vector 0 | … | vector 255 |
 *
 * Vector 4 i + g comes from group g. The position is that of the next unread byte, counted from the start of the block.
 * The 12 bytes behind it are the kernel's.
 */
import { fillPair, GROUP } from "./xoshiro";

const POSITION: usize = 256;
const START: usize = 272;
const VECTORS: usize = 256;
const END: usize = START + (VECTORS << 4);

/** Address of the next unread byte. */
@inline export function position(block: usize): usize {
  return block + <usize>load<u32>(block, POSITION);
}

@inline export function setPosition(block: usize, at: usize): void {
  store<u32>(block, <u32>(at - block), POSITION);
}

/** Address behind the last vector. */
@inline export function tapeEnd(block: usize): usize {
  return block + END;
}

/** Refills the whole tape and returns the address of its first vector. */
export function refill(block: usize): usize {
  const end = block + END;
  fillPair(block, block + START, end, 64);
  fillPair(block + 2 * GROUP, block + START + 32, end, 64);
  return block + START;
}
