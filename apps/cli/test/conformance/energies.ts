import {
  clamp,
  couplings,
  denseQuadratic,
  type Energy,
  labeled,
  labels,
  marginalize,
  mixture,
  plainEnergy,
  reals,
  restrict,
  scale,
  shift,
  sparseQuadratic,
  spins,
  sum,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { banana, doubleWell, gaussian, gaussianMixture } from "@basin/energy-core/targets";
import { jointTensorEnergy, tensorEnergy } from "@basin/energy-core/tensor";
import { denseMemory, hopfield, modernMemory, polynomialInteraction, sparseMemory } from "@basin/hopfield";
import { createModel, potts, spinProblem, weightedGraph } from "@basin/ising";
import { boltzmannMachine, classMachine, restrictedBoltzmannMachine } from "@basin/ising/learn";
import { jointEnergy } from "@basin/jem";
import * as tf from "@tensorflow/tfjs";
import { permutations } from "../../../../packages/samplers/test/fixtures/permutations.ts";

/** An energy under test. */
export interface EnergyCase<X> {
  readonly energy: Energy<X>;
  /** Relative error of its arithmetic: larger for tensors, which have 32 bits. */
  readonly tolerance: number;
  /** The interval of every coordinate that real states are drawn and integrated in. */
  readonly interval: readonly [low: number, high: number];
  /** Parameters that no training moves, whose slope is 0 by definition: the diagonal of a dense quadratic. */
  readonly fixed: readonly number[];
  /** Whether real states can leave the support. */
  readonly walled: boolean;
}

/** A row of the table: an energy over states of some kind. */
export interface EnergyRow {
  readonly name: string;
  /** Tasks and kernels that take so long on it that they wait for the slow suite. */
  readonly slow: readonly string[];
  /** Returns what `use` makes of a new energy. */
  visit<R>(use: <X>(given: EnergyCase<X>) => R): R;
}

const row = <X>(
  name: string,
  make: () => Energy<X>,
  {
    tolerance = 1e-9,
    interval = [-2, 2],
    fixed = [],
    walled = false,
    slow = [],
  }: Partial<Omit<EnergyCase<X>, "energy"> & Pick<EnergyRow, "slow">> = {},
): EnergyRow => ({ name, slow, visit: (use) => use({ energy: make(), tolerance, interval, fixed, walled }) });

/** Tensors have 32 bits, and one state costs as much as many. */
const single = { tolerance: 1e-5, slow: ["quadrature"] };

const WEIGHTS = [
  [0, 0.9, -0.4],
  [0.9, 0, 0.7],
  [-0.4, 0.7, 0],
];
const THRESHOLDS = [0.3, -0.2, 0.1];
const PATTERNS = [
  [1, -1, 1, 1],
  [-1, -1, 1, -1],
];

const glass = () => denseQuadratic(WEIGHTS, THRESHOLDS);
const field = () =>
  denseQuadratic(WEIGHTS.map((weights, i) => weights.map((w, j) => (i === j ? 0 : 0.3 - w))));
const hill = () => gaussian({ mean: [0.4, -0.3], standardDeviations: [0.8, 0.5], correlation: 0.4 });
const wells = () =>
  gaussianMixture({
    means: [
      [-0.7, 0.2],
      [0.8, -0.4],
    ],
    standardDeviations: 0.6,
  });
const machine = () => restrictedBoltzmannMachine({ visible: 3, hidden: 2, weightScale: 1, seed: 4 });
const magnet = () =>
  potts(
    weightedGraph(3, [
      [0, 1, 0.8],
      [1, 2, 0.5],
    ]),
    { states: 3, field: [0.2, -0.1, 0.4] },
  );
const bowl = (scale: number, variables: tf.Variable[]) =>
  tensorEnergy([2], (x) => x.sub(variables[0]).square().mul(scale).sum(1), variables);
const center = () => tf.variable(tf.tensor1d([0.3, -0.2]));
const corners = () => jointTensorEnergy([1], 3, (x) => x.sub(tf.tensor2d([[0, 1, 3]])).square());

function classifier() {
  const kernelInitializer = (seed: number) => tf.initializers.randomNormal({ stddev: 0.8, seed });
  const { dense } = tf.layers;
  return jointEnergy(
    tf.sequential({
      layers: [
        dense({ units: 3, activation: "tanh", inputShape: [2], kernelInitializer: kernelInitializer(1) }),
        dense({ units: 3, kernelInitializer: kernelInitializer(2) }),
      ],
    }),
  );
}

/** Every way to go through three places, with a cost of each value at each place. */
function tour() {
  const rng = createRng(6);
  const costs = Float64Array.from({ length: 16 }, () => rng.normal());
  return plainEnergy(permutations(4), (x) => x.reduce((total, v, i) => total + costs[4 * i + v], 0));
}

/** Spins of which the state of all +1 is outside the support. */
const walled = () =>
  plainEnergy(spins(3), (s) => (s[0] + s[1] + s[2] === 3 ? Infinity : 0.4 * s[0] * s[1] - 0.3 * s[2]));

/** What every package calls an energy, one row each. */
const families: readonly EnergyRow[] = [
  row("dense quadratic", glass, { fixed: [0, 4, 8] }),
  row("sparse quadratic", () =>
    sparseQuadratic(
      couplings(4, [
        [0, 1, 0.7],
        [1, 3, -0.6],
        [2, 3, 1],
      ]),
      [0.1, 0, -0.4, 0.2],
    ),
  ),
  row("spin problem", () =>
    spinProblem({
      variables: 4,
      couplings: [
        [0, 1, 1],
        [1, 2, -0.5],
        [0, 3, 0.3],
      ],
      fields: [0.2, 0, -0.3, 0.1],
      offset: 2,
    }),
  ),
  row("square lattice", () => createModel("square", [2, 3], { coupling: 0.4 })),
  row("Potts model", magnet),
  row("Potts model that is repelled", () =>
    potts(
      weightedGraph(4, [
        [0, 1, -0.8],
        [1, 2, 0.5],
        [2, 3, -0.3],
      ]),
      { states: 3 },
    ),
  ),
  row("Hopfield memory", () => hopfield(PATTERNS)),
  row("dense memory", () => denseMemory(PATTERNS, { interaction: polynomialInteraction(3) })),
  row("exponential memory", () => denseMemory(PATTERNS)),
  row("sparse memory", () =>
    sparseMemory([
      [1, 0, 0, 1],
      [0, 0, 1, 0],
    ]),
  ),
  row("restricted Boltzmann machine", machine),
  row("both layers of a Boltzmann machine", () => machine().joint()),
  row("fully visible Boltzmann machine", () => boltzmannMachine(4)),
  row("class machine", () => classMachine({ visible: 3, labels: 2, hidden: 2, weightScale: 1, seed: 1 })),
  row("modern memory", () =>
    modernMemory(
      [
        [-1, 0.5],
        [1, 0.5],
      ],
      { sharpness: 1 },
    ),
  ),
  row("Gaussian", hill),
  row("double well", () => doubleWell({ barrier: 1, tilt: 0.3 })),
  row("banana", () => banana({ curvature: 0.3, standardDeviation: 1 })),
  row("mixture of Gaussians", wells),
  row("tensor energy", () => bowl(1, [center()]), single),
  row("joint tensor energy", corners, single),
  row("classifier", classifier, {
    ...single,
    slow: ["quadrature", "complete", "attractors", "recall", "nuts"],
  }),
  row("joint form of a classifier", () => classifier().joint, single),
];

/** What a user writes down: functions on every kind of space, with no capability of their own. */
const plain: readonly EnergyRow[] = [
  row("function of spins", () => plainEnergy(spins(3), (s) => 0.5 * s[0] * s[1] * s[2] - 0.2 * s[1])),
  row("function with a wall", walled),
  row("function of labels", () =>
    plainEnergy(labels(3, 3), (s) => 0.4 * s[0] * s[1] - Math.sin(s[2] + s[0])),
  ),
  row("function of orders", tour),
  row("function of reals", () => plainEnergy(reals(2), (x) => Math.abs(x[0]) + x[1] ** 2)),
  row("function of reals and a label", () =>
    plainEnergy(labeled(reals(1), 3), ({ x, y }) => (x[0] - y) ** 2),
  ),
  row("function of spins and a label", () =>
    plainEnergy(labeled(spins(3), 2), ({ x, y }) => x[0] * x[1] - y * x[2]),
  ),
  row("bare function of spins", () => ({
    space: spins(3),
    energy: (s) => s[0] * s[1] - 0.5 * s[2],
    can: {},
  })),
];

/** Every combinator, of energies with as many capabilities as there are. */
const combinations: readonly EnergyRow[] = [
  row("scaled spins", () => scale(glass(), 1.7), { fixed: [0, 4, 8] }),
  row("scaled labels", () => scale(magnet(), 0.6)),
  row("scaled reals", () => scale(hill(), 1.4)),
  row("scaled tensors", () => scale(bowl(1, [center()]), 1.4), single),
  row("shifted spins", () => shift(glass(), -2), { fixed: [0, 4, 8] }),
  row("shifted reals", () => shift(wells(), 3)),
  row("shifted joint form", () => shift(classifier().joint, 1), single),
  row("sum over spins", () => sum([glass(), field()], [1, 0.4]), { fixed: [0, 4, 8, 12, 16, 20] }),
  row("sum over reals", () => sum<Float64Array, object>([hill(), wells()], [0.7, 0.5])),
  row("sum over tensors", () => sum([bowl(1, [center()]), bowl(0.5, [center()])]), single),
  row("mixture over spins", () => mixture([glass(), field()], { weights: [1, 2] }), {
    fixed: [0, 4, 8, 12, 16, 20],
  }),
  row("mixture over labels", () => mixture([magnet(), scale(magnet(), 0.5)])),
  row("mixture over orders", () => mixture([tour(), scale(tour(), 0.2)])),
  row("mixture over reals", () => mixture([hill(), scale(hill(), 0.3)])),
  row("clamped spins", () => clamp(machine().joint(), Int8Array.of(1, 0, 0, 0, -1), [1, 0, 0, 0, 1])),
  row("clamped labels", () => clamp(magnet(), Uint8Array.of(0, 2, 0), [0, 1, 0])),
  row("clamped orders", () => clamp(tour(), Uint8Array.of(2, 0, 1, 3), [0, 1, 0, 0])),
  row("clamped reals", () => clamp(hill(), Float64Array.of(0.5, 0), [1, 0])),
  row("restricted reals", () => restrict(hill(), { low: -1, high: 1.5 }), {
    interval: [-1, 1.5],
    walled: true,
  }),
  row("marginal of a class machine", () =>
    marginalize(classMachine({ visible: 3, labels: 2, hidden: 2, weightScale: 1, seed: 1 })),
  ),
  row("marginal of tensors", () => marginalize(corners(), { temperature: 2 }), {
    ...single,
    slow: ["complete", "attractors"],
  }),
];

/** The table of energies: a new family is one row. */
export const energies: readonly EnergyRow[] = [...families, ...plain, ...combinations];
