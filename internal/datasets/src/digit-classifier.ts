import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plainBytes } from "./files.ts";

/**
 * Returns a classifier of MNIST digits in ONNX, trained with PyTorch by `models/digits.py`: from `images` [n, 1, 28,
 * 28], 0 (ground) to 1 (ink), to `logits` [n, 10] and the `features` [n, 64] that go into its last layer.
 */
export function digitClassifier(): Uint8Array {
  return plainBytes(readFileSync(join(import.meta.dirname, "..", "models", "digits.onnx")), 0);
}
