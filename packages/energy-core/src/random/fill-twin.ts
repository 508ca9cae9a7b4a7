import { log32 } from "../internal/floats.ts";
import { nextWord } from "../internal/xoshiro.ts";

/**
 * The TypeScript twin of assembly/fill.ts: every operation in the same order, rounded to 32 bits by `Math.fround`, so
 * that both give the same bits. (Rounding a double result of +, −, ×, ÷ or √ of two floats gives the float result.)
 */

const round = Math.fround;
const UNIT_31 = 2 ** -31;
const UNIT_24 = 2 ** -24;
const QUARTER_PI = round(3.657291809399961e-10);
const S9 = round(2.7557319223985893e-6);
const S7 = round(-1.984126984126984e-4);
const S5 = round(0.008333333333333333);
const S3 = round(-0.16666666666666666);
const C8 = round(2.48015873015873e-5);
const C6 = round(-0.001388888888888889);
const C4 = round(0.041666666666666664);

/** √(−2 ln u) for u = (word >> 1 + ½) 2⁻³¹. */
function radius(word: number): number {
  const u = round(round(round(word >>> 1) + 0.5) * UNIT_31);
  return round(Math.sqrt(round(log32(u) * -2)));
}

function sine(x: number, y: number): number {
  let p = round(round(y * S9) + S7);
  p = round(round(p * y) + S5);
  p = round(round(p * y) + S3);
  return round(x + round(x * round(y * p)));
}

function cosine(y: number): number {
  let p = round(round(y * C8) + C6);
  p = round(round(p * y) + C4);
  p = round(round(p * y) - 0.5);
  return round(1 + round(y * p));
}

/** Writes out.length normal numbers; out.length is a multiple of 8. */
export function fillNormalTwin(state: Int32Array, out: Float32Array, mean: number, sd: number): void {
  const shift = round(mean);
  const scale = round(sd);
  for (let at = 0; at < out.length; at += 8) {
    for (let lane = 0; lane < 4; lane++) {
      const r = radius(nextWord(state, lane, 4));
      const w = nextWord(state, 16 + lane, 4);
      const x = round(round(w << 2) * QUARTER_PI);
      const y = round(x * x);
      const s = sine(x, y);
      const c = w >>> 31 === 1 ? -cosine(y) : cosine(y);
      const swap = ((w >>> 30) & 1) === 1;
      out[at + lane] = round(shift + round(scale * round(r * (swap ? s : c))));
      out[at + 4 + lane] = round(shift + round(scale * round(r * (swap ? c : s))));
    }
  }
}

/** Writes out.length uniform numbers; out.length is a multiple of 8. */
export function fillUniformTwin(state: Int32Array, out: Float32Array, low: number, width: number): void {
  const shift = round(low);
  const scale = round(width);
  for (let at = 0; at < out.length; at += 8) {
    for (let lane = 0; lane < 4; lane++) {
      out[at + lane] = round(shift + round(scale * round((nextWord(state, lane, 4) >>> 8) * UNIT_24)));
      out[at + 4 + lane] = round(
        shift + round(scale * round((nextWord(state, 16 + lane, 4) >>> 8) * UNIT_24)),
      );
    }
  }
}
