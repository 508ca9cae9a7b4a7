/** The random tape as this kernel reads it, and logarithms of uniform numbers made from it. */

import { refill, TAPE_END } from "../lib/tape";

/** Logarithms kept ready; they lie behind their read position, 16 bytes into the block. */
const LOGS: i32 = 64;

let tape: i32 = 0;
let tapeAt: i32 = 0;
let tapeEnd: i32 = 0;
let logs: i32 = 0;
let logAt: i32 = 0;

/** Takes the random tape and the block of logarithms up where {@link suspend} left them. */
export function resume(tapeBlock: i32, logBlock: i32): void {
  tape = tapeBlock;
  tapeAt = load<i32>(tapeBlock, 256);
  tapeEnd = tapeBlock + <i32>TAPE_END;
  logs = logBlock;
  logAt = load<i32>(logBlock);
}

export function suspend(): void {
  store<i32>(tape, tapeAt, 256);
  store<i32>(logs, logAt);
}

/** Returns the address of the next `bytes` random bytes and moves on. */
@inline export function take(bytes: i32): i32 {
  if (tapeAt + bytes > tapeEnd) tapeAt = <i32>refill(tape);
  const at = tapeAt;
  tapeAt = at + bytes;
  return at;
}

const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** ln x for normal x in (0, 1), operation by operation as `log` of @basin/energy-core/random. */
@inline function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let k = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p: f64 = 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  const halfSquare = 0.5 * f * f;
  const exponent = <f64>k;
  return exponent * LN2_HIGH - (halfSquare - (s * (halfSquare + 2 * z * p) + exponent * LN2_LOW) - f);
}

/** Many at once, because one after the other each would wait for the one before. */
function refillLogs(): void {
  let from = take(LOGS << 3);
  const first = logs + 16;
  for (let at = first, end = first + (LOGS << 3); at < end; at += 8) {
    const high = load<u32>(from) >> 6;
    const low = load<u32>(from, 4) >> 6;
    from += 8;
    // An odd multiple of 2⁻⁵³, never 0 nor 1.
    store<f64>(at, log((<f64>high * 67108864.0 + <f64>low + 0.5) * 2.220446049250313e-16));
  }
  logAt = first;
}

/** Returns ln u for the next uniform u in (0, 1). */
@inline export function nextLog(): f64 {
  if (logAt == logs + 16 + (LOGS << 3)) refillLogs();
  const value = load<f64>(logAt);
  logAt += 8;
  return value;
}
