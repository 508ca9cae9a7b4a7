import { createRng, type Rng } from "@basin/energy-core/random";
import {
  drawToy,
  type Grid,
  gaussianRing,
  gridDivergence,
  gridLogPartition,
  gridSamples,
  rings,
  squareGrid,
  type Toy,
  toyEnergies,
  twoMoons,
} from "@basin/jem/toys";
import { ula } from "@basin/samplers";
import {
  contrastiveDivergence,
  cosineRate,
  maximizeLikelihood,
  type NegativePhase,
} from "@basin/samplers/learn";
import { planeEnergy } from "./net.ts";
import type { Settings } from "./settings.ts";

const dataCount = 20_000;
const batch = 64;
const startRate = 0.1;
const across = 80;
const updatesBetweenPictures = 50;
const shownSamples = 400;

interface Plane {
  readonly toy?: Toy;
  readonly box: readonly [low: number, high: number];
  readonly stepSize: number;
  readonly noise: number;
}

const planes: Readonly<Record<Settings["data"], () => Plane>> = {
  moons: () => plane(twoMoons(), 0.002, 0.05),
  rings: () => plane(rings(), 0.002, 0.05),
  mixture: () => plane(gaussianRing(), 0.01, 0.1),
  drawn: () => ({ box: [-3, 3], stepSize: 0.004, noise: 0.08 }),
};

function plane(toy: Toy, stepSize: number, noise: number): Plane {
  return { toy, box: toy.box, stepSize, noise };
}

/** What is to be learned: points, and the density that they come from. */
export interface Lesson {
  readonly box: readonly [low: number, high: number];
  readonly across: number;
  readonly points: Float32Array;
  /** log p at each cell of a grid, unless the points were drawn by hand. */
  readonly truth?: Float64Array;
}

/** How far learning has come. */
export interface Report {
  readonly done: number;
  /** log p of the net at each cell of the grid. */
  readonly learned: Float64Array;
  /** Where the negatives are: what the energy is pushed up at. */
  readonly negatives: Float32Array;
  /** KL(true‖learned) in nats, on the grid. */
  readonly divergence?: number;
}

/** Returns the points and the density of the settings. */
export function begin({ data, seed }: Settings): Lesson {
  const { toy, box } = planes[data]();
  if (toy === undefined) return { box, across, points: new Float32Array() };
  const points = drawToy(toy, createRng(seed).split(7), shownSamples).inputs;
  return { box, across, points, truth: toyEnergies(toy, squareGrid(box, across)).map((energy) => -energy) };
}

/** Trains a net on the density, or on points that were drawn, and reports the landscape on the way. */
export async function train(
  { settings, drawn }: { settings: Settings; drawn?: Float32Array },
  report: (news: Report) => void,
): Promise<Report & { readonly samples: Float32Array }> {
  const { data, seed, updates, steps } = settings;
  const { toy, box, stepSize, noise } = planes[data]();
  const rng = createRng(seed).split(1);
  const points = listed(toy ? drawToy(toy, rng, dataCount).inputs : around(drawn!, rng, noise));
  const energy = planeEnergy(seed);
  const negatives = watch(contrastiveDivergence(ula({ stepSize }), { steps }));
  const energies = (grid: Grid) =>
    Float64Array.from({ length: grid.n ** 2 }, (_, k) =>
      energy.energy(Float64Array.from(grid.points.subarray(2 * k, 2 * k + 2))),
    );
  const look = (done: number, cells: number): Report => {
    const grid = squareGrid(box, cells);
    const learned = energies(grid);
    const logZ = gridLogPartition(learned, grid);
    return {
      done,
      learned: learned.map((value) => -value - logZ),
      negatives: negatives.last,
      ...(toy && { divergence: gridDivergence(toyEnergies(toy, grid), learned, grid) }),
    };
  };
  await maximizeLikelihood(energy, points, negatives, {
    ...{
      seed,
      updates,
      batchSize: batch,
      momentum: 0.9,
      learningRate: cosineRate(startRate, { final: 0.01 }),
    },
    onProgress: ({ done }) => {
      if (done % updatesBetweenPictures === 0) report(look(done, across));
    },
  });
  const grid = squareGrid(box, across);
  const samples = gridSamples(energies(grid), grid, createRng(seed).split(8), shownSamples);
  return { ...look(updates, across), divergence: look(updates, 200).divergence, samples };
}

type PlaneEnergy = ReturnType<typeof planeEnergy>;

/** The same negatives, of which the last are kept to be shown. */
function watch(negatives: NegativePhase<PlaneEnergy, Float64Array>) {
  const watched = {
    ...negatives,
    last: new Float32Array(),
    async draw(energy: PlaneEnergy, positives: readonly Float64Array[], rng: Rng) {
      const drawn = await negatives.draw(energy, positives, rng);
      watched.last = Float32Array.from(drawn.flatMap((x) => [...x]));
      return drawn;
    },
  };
  return watched;
}

function listed(points: Float32Array): Float64Array[] {
  return Array.from({ length: points.length / 2 }, (_, k) =>
    Float64Array.of(points[2 * k], points[2 * k + 1]),
  );
}

function around(points: Float32Array, rng: Rng, noise: number): Float32Array {
  const count = points.length / 2;
  const out = new Float32Array(2 * dataCount);
  for (let k = 0; k < dataCount; k++) {
    const from = rng.index(count);
    for (const c of [0, 1]) out[2 * k + c] = points[2 * from + c] + noise * rng.normal();
  }
  return out;
}
