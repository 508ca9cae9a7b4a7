import type { ExperimentRow } from "@basin/jem/experiments";

const METHOD_TITLES: Readonly<Record<string, string>> = {
  cd: "CD",
  pcd: "PCD",
  "cd-reversal": "CD, time-reversal weights",
  "pgd-ce": "PGD + cross-entropy",
  "pgd-bce": "PGD + BCE",
  denoising: "denoising score matching",
  sliced: "sliced score matching",
};

/** Returns the name of a row of the first experiment. */
export function methodTitle({ method, steps }: Pick<ExperimentRow, "method" | "steps">): string {
  const title = METHOD_TITLES[method] ?? method;
  return steps > 0 ? `${title}, k = ${steps}` : title;
}

/** Returns the name of a row of the second experiment. */
export function headTitle({
  method,
  head,
  separate,
}: Pick<ExperimentRow, "method" | "head" | "separate">): string {
  if (method === "ce") return "logits, cross-entropy alone";
  return head === "logits" ? "logits" : `${head}, ${separate ? "two nets" : "one net"}`;
}
