import {
  couplings,
  type DifferentiableEnergy,
  type SpinEnergy,
  sparseQuadratic,
  spins,
} from "@basin/energy-core";
import {
  expression,
  type Operand,
  type Operations,
  positive,
  real,
  type Value,
  vector,
} from "@basin/energy-core/expression";
import { createRng } from "@basin/energy-core/random";
import { findChromium } from "@basin/testing/chromium";
import * as jax from "@jax-js/jax";
import { eightSchools as eightSchoolsDrawn } from "../apps/site/test/fixtures/formula/schools.ts";
import { openPage } from "../apps/site/test/open-page.ts";
import { eightSchools } from "../packages/samplers/test/posteriors/models.ts";
import { readPosterior } from "../packages/samplers/test/posteriors/posterior.ts";
import type { Contender, Contest } from "./contest.ts";
import { equicorrelated, signedFeatures, wasmGaussian, wasmLogistic } from "./samplers/densities.ts";

/** Gradients a second at points that differ. */
function rate(name: string, energy: DifferentiableEnergy, calls: number): Contender {
  const { dimension } = energy.space;
  const rng = createRng(3);
  const points = Array.from({ length: 16 }, () =>
    Float64Array.from({ length: dimension }, () => rng.uniform() - 0.5),
  );
  const gradient = new Float64Array(dimension);
  return {
    name,
    measure() {
      const start = performance.now();
      for (let k = 0; k < calls; k++) energy.can.gradient(points[k & 15], gradient);
      return (1000 * calls) / (performance.now() - start);
    },
  };
}

const { data } = readPosterior("eight_schools-eight_schools_noncentered");
const schools = () =>
  expression(
    { z: vector(8), mu: real(), tau: positive() },
    ({ z, mu, tau }, { add, mul, normal, halfCauchy }) =>
      add(normal(z), normal(mu, 0, 5), halfCauchy(tau, 5), normal(data.y, add(mu, mul(tau, z)), data.sigma)),
  );

function gaussian(d: number): DifferentiableEnergy {
  const precision = { data: equicorrelated(d), shape: [d, d] };
  return expression({ x: vector(d) }, ({ x }, { mul, dot, matmul }) =>
    mul(0.5, dot(x, matmul(precision, x))),
  );
}

/** Rows of y_i x_ij from the columns of the hand-written density. */
function rows(n: number, d: number): { data: Float64Array; shape: [number, number] } {
  const columns = signedFeatures(n, d);
  const values = Float64Array.from({ length: n * d }, (_, at) => columns[(at % d) * n + Math.floor(at / d)]);
  return { data: values, shape: [n, d] };
}

function logistic(n: number, d: number): DifferentiableEnergy {
  const z = rows(n, d);
  return expression({ beta: vector(d) }, ({ beta }, { add, mul, dot, sum, neg, softplus, matmul }) =>
    add(mul(0.5, dot(beta, beta)), sum(softplus(neg(matmul(z, beta))))),
  );
}

const series = Float64Array.from({ length: 1000 }, (_, t) => Math.sin(t * t));

/** One step of ten operations. */
function step(
  { add, sub, mul, div, log, square }: Operations,
  [a, b]: readonly Value[],
  { v, e }: Readonly<Record<"v" | "e", Value>>,
  y: Operand,
) {
  const residual = square(sub(y, a));
  const next = add(square(a), mul(square(b), residual), mul(0.5, v));
  return { v: next, e: add(e, log(next), div(residual, next)) };
}

/** A recursion written out. */
const long = () =>
  expression({ a: real(), b: real() }, ({ a, b }, operations) => {
    let carry = { v: operations.square(a), e: operations.square(b) };
    for (const y of series) carry = step(operations, [a, b], carry, y);
    return carry.e;
  });

/** The same recursion as a loop. */
const scanned = () =>
  expression({ a: real(), b: real() }, ({ a, b }, operations) => {
    const first = { v: operations.square(a), e: operations.square(b) };
    return operations.at(
      operations.scan((carry, [y]) => step(operations, [a, b], carry, y), first, [series]).e,
      -1,
    );
  });

const SPINS = 1000;

/** Bonds of a ±J glass, six a spin. */
function bonds() {
  const rng = createRng(9);
  const from = Int32Array.from({ length: 3 * SPINS }, (_, k) => k % SPINS);
  const to = from.map((i) => (i + 1 + rng.index(SPINS - 1)) % SPINS);
  return { from, to, j: Float64Array.from(from, () => (rng.bernoulli(0.5) ? 1 : -1)) };
}

/** Proposals a second of Metropolis at β = 0.5. */
function proposals(name: string, energy: SpinEnergy, calls: number): Contender {
  return {
    name,
    measure() {
      const rng = createRng(4);
      const cursor = energy.can.moves(energy.space.random(rng));
      const start = performance.now();
      for (let k = 0; k < calls; k++) {
        const site = k % SPINS;
        const delta = cursor.delta(site);
        if (delta <= 0 || rng.bernoulli(Math.exp(-0.5 * delta))) cursor.apply(site);
      }
      return (1000 * calls) / (performance.now() - start);
    },
  };
}

function glasses(): Contest {
  const { from, to, j } = bonds();
  const pairs = expression({ s: spins(SPINS) }, ({ s }, { neg, dot, mul, gather }) =>
    neg(dot(j, mul(gather(s, from), gather(s, to)))),
  );
  const hand = sparseQuadratic(
    couplings(
      SPINS,
      Array.from(j, (value, k) => [from[k], to[k], value]),
    ),
  );
  const triples = expression({ s: spins(SPINS) }, ({ s }, { neg, dot, mul, gather }) =>
    neg(
      dot(
        j,
        mul(
          gather(s, from),
          gather(s, to),
          gather(
            s,
            to.map((i) => (i + 7) % SPINS),
          ),
        ),
      ),
    ),
  );
  const [formula, quadratic] = ["formula of pairs", "sparseQuadratic"];
  return {
    question: `Proposals of Metropolis on a ±J glass of ${SPINS} spins, six bonds a spin`,
    unit: "proposals/s",
    contenders: [
      proposals(formula, pairs, 1_000_000),
      proposals(quadratic, hand, 1_000_000),
      proposals("formula of triples, nine a spin", triples, 100_000),
    ],
    ratios: [{ of: formula, to: quadratic, aim: 0.5 }],
  };
}

function traced(name: string, make: () => unknown): Contest {
  return {
    question: `Trace and compile ${name}, its probe for a wrong sign included`,
    unit: "formulas/s",
    contenders: [
      {
        name: "basin",
        measure() {
          const start = performance.now();
          make();
          return 1000 / (performance.now() - start);
        },
      },
    ],
    ratios: [],
  };
}

/** How often a second eight schools goes from the formula to 4 × 1000 draws. */
function fromFormulaToDraws(): Contest {
  const executable = findChromium();
  const inPage = async () => {
    const { page, close } = await openPage(executable!, "formula", "eightSchools");
    const run = () =>
      page.evaluate(() =>
        (globalThis as unknown as { eightSchools: typeof eightSchoolsDrawn }).eightSchools(),
      );
    // The first run finds the code of samplers cold, as that in Node is not.
    await run();
    const { milliseconds } = await run();
    await close();
    return 1000 / milliseconds;
  };
  return {
    question: "From the formula to 4 × 1000 draws of eight schools, in one thread (aim: 3.3 a second)",
    unit: "runs/s",
    contenders: [
      { name: "Node", measure: async () => 1000 / (await eightSchoolsDrawn()).milliseconds },
      {
        name: "chromium, under a policy without eval",
        measure: executable === undefined ? { absent: "no chromium found" } : inPage,
      },
    ],
    ratios: [],
  };
}

/** A formula against the density written by hand, of which it may be slower by 1 / `aim`, and against jax-js. */
const versus = (
  question: string,
  { aim, contenders }: { aim: number; contenders: readonly [Contender, Contender, Contender] },
): Contest => ({
  question,
  unit: "gradients/s",
  contenders,
  ratios: [
    { of: contenders[0].name, to: contenders[1].name, aim },
    { of: contenders[0].name, to: contenders[2].name, aim: 10 },
  ],
});

/** Gradients of an energy of data by jax-js, in floats of 32 bits: it has no others on wasm. */
function onJax(
  dimension: number,
  arrays: readonly jax.Array[],
  energy: (x: jax.Array, ...arrays: jax.Array[]) => jax.Array,
): Contender {
  const gradient = jax.jit(jax.valueAndGrad(energy));
  const x = new Float32Array(dimension).fill(0.1);
  return {
    name: "jax-js on wasm",
    measure() {
      const start = performance.now();
      for (let k = 0; k < 200; k++) {
        const [value, slope] = gradient(jax.numpy.array(x), ...arrays.map((array) => array.ref));
        value.dataSync();
        x[0] = 0.1 + 1e-3 * slope.dataSync()[0];
      }
      return 200_000 / (performance.now() - start);
    },
  };
}

await jax.init("wasm");
jax.defaultDevice("wasm");
const { add, array, dot, exp, log1p, matmul } = jax.numpy;

const jaxGaussian = (d: number) =>
  onJax(d, [array(Float32Array.from(equicorrelated(d))).reshape([d, d])], (x, precision) =>
    dot(x.ref, matmul(precision, x)).mul(0.5),
  );

const jaxLogistic = (n: number, d: number) =>
  onJax(d, [array(Float32Array.from(rows(n, d).data)).reshape([n, d])], (beta, z) =>
    add(jax.nn.softplus(matmul(z, beta.ref).neg()).sum(), dot(beta.ref, beta).mul(0.5)),
  );

const jaxSchools = () =>
  onJax(10, [array(Float32Array.from(data.y)), array(Float32Array.from(data.sigma))], (x, y, sigma) => {
    const [z, mu, logTau] = [x.ref.slice([0, 8]), x.ref.slice(8), x.slice(9)];
    const tau = exp(logTau.ref);
    const misfit = y.sub(mu.ref.add(tau.ref.mul(z.ref))).div(sigma);
    const prior = add(dot(z.ref, z).mul(0.5), mu.ref.mul(mu).mul(0.02));
    const scale = log1p(tau.ref.mul(tau).mul(0.04)).sub(logTau);
    return add(add(prior, scale), dot(misfit.ref, misfit).mul(0.5));
  });

/**
 * Formulas against the same densities written by hand; the figures of tracing are at least 100 formulas/s for eight
 * schools and 6.7 for the long one.
 */
export const contests: readonly Contest[] = [
  versus("Gradient of a Gaussian, d 100", {
    aim: 1 / 1.3,
    contenders: [
      rate("formula", gaussian(100), 50_000),
      rate("wasm by hand", await wasmGaussian(100), 50_000),
      jaxGaussian(100),
    ],
  }),
  versus("Gradient of a logistic regression, d 25, n 1000", {
    aim: 1 / 1.5,
    contenders: [
      rate("formula", logistic(1000, 25), 10_000),
      rate("wasm by hand, one logarithm of a product", await wasmLogistic(1000, 25), 10_000),
      jaxLogistic(1000, 25),
    ],
  }),
  versus("Gradient of eight_schools_noncentered", {
    aim: 1 / 3,
    contenders: [
      rate("formula", schools(), 500_000),
      rate("TypeScript by hand", eightSchools().energy, 500_000),
      jaxSchools(),
    ],
  }),
  fromFormulaToDraws(),
  glasses(),
  traced("eight_schools_noncentered", schools),
  traced("a recursion of 10 000 operations", long),
  traced("the same recursion as a loop", scanned),
  {
    question: "Gradient of a recursion of 1000 steps of ten operations",
    unit: "gradients/s",
    contenders: [rate("as a loop", scanned(), 5000), rate("written out", long(), 5000)],
    ratios: [{ of: "as a loop", to: "written out" }],
  },
];
