import { expOfSteps } from "../../../internal/wasm/assembly/lib/exp";

/** (f − most) · steps of the two floats in the lower half, held above what has an exponent. */
@inline function scaled(two: v128, most: v128, steps: v128): v128 {
  return f64x2.pmax(
    f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(two), most), steps),
    f64x2.splat(-708 * (1024 / 0.6931471805599453)),
  );
}

/**
 * For each of `count` rows of `width` floats, its largest and Σ exp((f − largest)/T), `steps` = 1024/(T ln 2), two
 * doubles at `out`. NaN makes the sum NaN; −∞ counts for nothing beside others. `table` is that of `expOfSteps`. The
 * twin is `energies` of src/outliers/energies.ts.
 */
export function logSumExp(rows: usize, count: i32, width: i32, steps: f64, table: usize, out: usize): void {
  const factor = f64x2.splat(steps);
  for (let i = 0; i < count; i++, rows += <usize>width << 2, out += 16) {
    let peaks = f32x4.splat(-Infinity), j = 0;
    for (; j + 4 <= width; j += 4) peaks = f32x4.pmax(peaks, v128.load(rows + (<usize>j << 2)));
    for (; j < width; j++) peaks = f32x4.pmax(peaks, v128.load32_splat(rows + (<usize>j << 2)));
    peaks = f32x4.pmax(peaks, v128.shuffle<i32>(peaks, peaks, 2, 3, 0, 1));
    const largest = <f64>f32x4.extract_lane(f32x4.pmax(peaks, v128.shuffle<i32>(peaks, peaks, 1, 0, 3, 2)), 0);
    const most = f64x2.splat(largest);
    let low = f64x2.splat(0), high = low;
    for (j = 0; j + 4 <= width; j += 4) {
      const at = rows + (<usize>j << 2);
      low = f64x2.add(low, expOfSteps(scaled(v128.load64_zero(at), most, factor), table));
      high = f64x2.add(high, expOfSteps(scaled(v128.load64_zero(at, 8), most, factor), table));
    }
    for (; j < width; j++) {
      const one = expOfSteps(scaled(v128.load32_splat(rows + (<usize>j << 2)), most, factor), table);
      const lane = j & 3;
      if (lane == 0) low = f64x2.add(low, f64x2.replace_lane(one, 1, 0));
      else if (lane == 1) low = f64x2.add(low, f64x2.replace_lane(one, 0, 0));
      else high = f64x2.add(high, f64x2.replace_lane(one, 1, 0));
    }
    const both = f64x2.add(low, high);
    store<f64>(out, largest);
    store<f64>(out, f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1), 8);
  }
}
