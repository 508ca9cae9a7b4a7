import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const target = join(import.meta.dirname, "src/demos/jem/model");

// The types of Node's library here are those of ES2023, the class is younger.
declare const Float16Array: { from(values: Float32Array): { readonly buffer: ArrayBuffer } };

/** Writes the model in a folder of `basin jem train` for the page: its weights as floats of 16 bits, half the size. */
function shipModel(folder: string): void {
  const [topology, card] = ["model.json", "basin.json"].map((name) =>
    JSON.parse(readFileSync(join(folder, name), "utf8")),
  );
  const floats = new Float32Array(new Uint8Array(readFileSync(join(folder, "weights.bin"))).buffer);
  const quantization = { dtype: "float16", original_dtype: "float32" };
  for (const manifest of topology.weightsManifest)
    for (const weight of manifest.weights) weight.quantization = quantization;
  const files = {
    "weights.bin": new Uint8Array(Float16Array.from(floats).buffer),
    "model.json": new TextEncoder().encode(JSON.stringify(topology)),
  };
  for (const [name, bytes] of Object.entries(files))
    card.files[name] = createHash("sha256").update(bytes).digest("hex");
  mkdirSync(target, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(target, name), bytes);
  writeFileSync(join(target, "basin.json"), `${JSON.stringify(card, undefined, 2)}\n`);
}

shipModel(process.argv[2]);
