import { createModel, onsager, simulate } from "@basin/ising";

// m(T) of the square lattice: simulated bars, and the exact curve as a mark on them.
console.log("   T  |m|");
for (let temperature = 1.8; temperature < 2.7; temperature += 0.1) {
  const options = { temperature, warmup: 2000, sweeps: 4000, seed: 1 };
  const { absoluteMagnetization } = await simulate(createModel("square", 64), options);
  const { mean, standardError } = absoluteMagnetization;
  const bar = [..."█".repeat(Math.round(50 * mean)).padEnd(51)];
  bar[Math.round(50 * onsager.magnetization(temperature))] = "◆";
  console.log(temperature.toFixed(1), bar.join(""), `${mean.toFixed(3)} ± ${standardError.toFixed(3)}`);
}
