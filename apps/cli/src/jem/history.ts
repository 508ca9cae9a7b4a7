import { existsSync, readFileSync } from "node:fs";
import type { TrainProgress } from "@basin/jem";

const COLUMNS = [
  "seconds",
  "crossEntropy",
  "penalty",
  "outlierLoss",
  "dataEnergy",
  "sampleEnergy",
  "accuracy",
  "gradientNorm",
  "learningRate",
  "marginalWeight",
  "sampleSpread",
] as const;
const HEADER = ["step", ...COLUMNS].join(",");
const EVERY = 20;

type Write = (path: string, content: string) => Promise<void>;

/** A CSV file of the parts of the loss at intervals of updates. */
export class History {
  readonly #path: string;
  readonly #write: Write;
  readonly #rows: string[];
  #isNew = false;

  /** @param resumedFrom the update that a run is resumed from. Later rows are of updates that are made again. */
  constructor(path: string, resumedFrom: number, write: Write) {
    this.#path = path;
    this.#write = write;
    this.#rows = resumedFrom > 0 ? keptRows(path, resumedFrom) : [];
  }

  add(step: TrainProgress): void {
    this.#isNew = true;
    if (step.done % EVERY === 0) this.#rows.push([step.done, ...COLUMNS.map((name) => step[name])].join(","));
  }

  /** Writes the file, unless no update was made. */
  async write(): Promise<void> {
    if (this.#isNew) await this.#write(this.#path, `${[HEADER, ...this.#rows].join("\n")}\n`);
  }
}

function keptRows(path: string, last: number): string[] {
  if (!existsSync(path)) return [];
  const [header, ...rows] = readFileSync(path, "utf8").trim().split("\n");
  // Rows with other columns would be read as wrong figures.
  return header === HEADER ? rows.filter((row) => Number.parseInt(row, 10) <= last) : [];
}
