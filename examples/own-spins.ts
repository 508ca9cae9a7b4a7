import { enumerate, plainEnergy, spins } from "@basin/energy-core";
import { estimateMean, heatBath, statistic } from "@basin/samplers";
import { temper } from "@basin/samplers/temper";

// A spin energy of one's own: a ring in which three neighbors want an odd number of minuses.
const n = 12;
const ring = plainEnergy(spins(n), (s) =>
  s.reduce((energy, spin, i) => energy + spin * s[(i + 1) % n] * s[(i + 2) % n], 0),
);

// Chains at five temperatures exchange their states; the draws are those of the coldest.
const temperatures = [4, 2, 1.3, 0.8, 0.5];
const draws = await temper(ring, heatBath(), { temperatures, draws: 4000, seed: 1 });
const { mean, standardError } = estimateMean(statistic(draws, "energy"));
const { meanEnergy, minimizers } = enumerate(ring, { temperature: 0.5 });
console.log(`E = ${mean.toFixed(3)} ± ${standardError.toFixed(3)}, exactly ${meanEnergy.toFixed(3)}`);
console.log(`${minimizers.length} ground states, round trips of the chains: ${draws.roundTrips.join(", ")}`);
