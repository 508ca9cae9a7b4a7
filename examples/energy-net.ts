import { createRng } from "@basin/energy-core/random";
import { batchEnergies, useWasm } from "@basin/energy-core/tensor";
import { energyNet } from "@basin/jem";
import { denoisingScoreMatching, fit, planeNet } from "@basin/jem/experiments";
import * as tf from "@tensorflow/tfjs";

// Points on a spiral, and a net whose output is their energy. Score matching needs no samples of the net.
const rng = createRng(1);
const spiral = () => {
  const turn = 1 + 9 * rng.uniform();
  return [Math.cos(turn), Math.sin(turn)].map((c) => 0.2 * turn * c + 0.1 * rng.normal());
};
await useWasm();
const energy = energyNet(planeNet({ seed: 1, outputs: 1, reads: "energy" }));
const batch = () => ({ x: tf.tensor2d(Array.from({ length: 256 }, spiral)) });
const options = { seed: 1, updates: 600, learningRate: 0.005 };
await fit(energy.variables, batch, denoisingScoreMatching(energy, { noise: 0.1 }), options);

// The landscape on 24 × 48 points, darker where the energy is lower.
const grid = Array.from({ length: 24 * 48 }, (_, k) => [(k % 48) / 10 - 2.4, 2.4 - Math.floor(k / 48) / 5]);
const energies = Array.from(await batchEnergies(energy, tf.tensor2d(grid)));
const shades = energies.map((e) => "█▓▒░ "[Math.min(4, Math.floor((e - Math.min(...energies)) / 1.5))]);
console.log(shades.map((shade, k) => (k % 48 === 47 ? `${shade}\n` : shade)).join(""));
