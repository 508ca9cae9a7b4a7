import { choice, range, seed, text, type Values } from "../shared/settings.ts";

/** What a visitor sets. */
export const schema = {
  target: choice("Landscape", "banana", {
    banana: "banana",
    funnel: "funnel",
    mixture: "three wells",
    formula: "formula",
  }),
  formula: text(
    "Energy E(x, y)",
    "(x^2 + y - 11)^2 / 30 + (x + y^2 - 7)^2 / 30",
    2,
    "From + − * / ^, exp, log, sqrt, abs, tanh, erf, sigmoid, softplus, min, max. Low is likely.",
  ),
  kernel: choice("Kernel", "nuts", {
    nuts: "NUTS",
    hmc: "HMC",
    mala: "MALA",
    "random-walk": "random walk",
    slice: "slice",
    ula: "Langevin, no test",
  }),
  speed: range("Pace", 2, [0, 6, 1], { show: (k) => `${2 ** k} draws a picture` }),
  seed: seed(),
};

export type Settings = Values<typeof schema>;

/** Half the side of the square that is drawn, and its middle, of each landscape. */
export const views: Readonly<Record<Settings["target"], { x: number; y: number; reach: number }>> = {
  banana: { x: 0, y: -1, reach: 6 },
  funnel: { x: 0, y: 0, reach: 6 },
  mixture: { x: 0, y: 0.3, reach: 4.2 },
  formula: { x: 0, y: 0, reach: 6 },
};
