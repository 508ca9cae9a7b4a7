import type { OutlierDetectorJson } from "@basin/jem/outliers";

/** Returns the held-out scores of a detector, of all classes together. */
export function heldOutScores({ heldOut }: OutlierDetectorJson): { name: string; scores: Float64Array }[] {
  return Object.entries(heldOut as Record<string, { float64: string }>).map(([group, { float64 }]) => ({
    name: group === "all" ? "held-out" : `held-out, class ${group}`,
    scores: new Float64Array(new Uint8Array(Buffer.from(float64, "base64")).buffer),
  }));
}
