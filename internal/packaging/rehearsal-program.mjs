// What a user of two packages writes: it runs the same before and after an upgrade.
import { ArgumentError } from "@basin/energy-core";
import { createModel } from "@basin/ising";
import { heatBath, sample } from "@basin/samplers";

const draws = await sample(createModel("square", 4), heatBath(), {
  chains: 1,
  warmup: 10,
  draws: 20,
  seed: 1,
});
if (draws.chains[0].positions.length !== 20 * 16) throw new Error("expected 20 draws of 16 spins");
try {
  createModel("square", -1);
} catch (error) {
  if (!(error instanceof ArgumentError)) throw new Error("an error of one package is unknown to another");
}
