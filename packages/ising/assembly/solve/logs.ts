/** The random tape as this kernel reads it, and logarithms of uniform numbers made from it. */

import { log } from "../../../../internal/wasm/assembly/lib/log";
import { position, refill, setPosition, tapeEnd } from "../../../../internal/wasm/assembly/lib/tape";

/** Logarithms kept ready; they lie behind their read position, 16 bytes into the block. */
const LOGS: i32 = 64;

let tape: i32 = 0;
let tapeAt: i32 = 0;
let tapeStop: i32 = 0;
let logs: i32 = 0;
let logAt: i32 = 0;

/** Takes the random tape and the block of logarithms up where {@link suspend} left them. */
export function resume(tapeBlock: i32, logBlock: i32): void {
  tape = tapeBlock;
  tapeAt = <i32>position(tapeBlock);
  tapeStop = <i32>tapeEnd(tapeBlock);
  logs = logBlock;
  logAt = load<i32>(logBlock);
}

export function suspend(): void {
  setPosition(tape, tapeAt);
  store<i32>(logs, logAt);
}

/** Returns the address of the next `bytes` random bytes and moves on. */
@inline export function take(bytes: i32): i32 {
  if (tapeAt + bytes > tapeStop) tapeAt = <i32>refill(tape);
  const at = tapeAt;
  tapeAt = at + bytes;
  return at;
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
