import type { BinaryForm } from "./binary-form.ts";

/** Linear terms that agree in more binary digits than this differ, if at all, by what their last digits can hold. */
const AGREE = 40;

/**
 * Returns a sentence where the linear terms look like a cost beside a penalty too large to hold both: where the largest
 * of them agree in nearly all of their digits, or leave no digit for whole numbers. What such a term has lost, it lost
 * before it was read.
 */
export function lostCosts({ linear }: BinaryForm): string | undefined {
  const largest = linear.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return undefined;
  const alike = linear.filter((value) => Math.abs(value) > largest / 2).map(Math.abs);
  const spread = largest - alike.reduce((least, value) => Math.min(least, value), largest);
  const close = spread > 0 && spread < largest * 2 ** -AGREE;
  if (!close && largest <= Number.MAX_SAFE_INTEGER) return undefined;
  const digit = 2 ** (Math.floor(Math.log2(largest)) - 52);
  return `linear terms reach ${largest}, whose last digit is worth ${digit}: a cost that one of them holds beside a penalty was rounded to that before it was read`;
}
