import { readFileSync } from "node:fs";
import { type MachineFile, parseMachine } from "@basin/ising/learn";

/** Reads a model file. */
export function readModel(path: string): MachineFile {
  return parseMachine(readFileSync(path), path);
}
