import { createRng } from "@basin/energy-core/random";
import {
  applyModel,
  inputGradients,
  installFastWasmKernels,
  normalTensor,
  tensorEnergy,
  tensorLogSumExp,
  uniformTensor,
  uninstallFastWasmKernels,
  useWasm,
} from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import type { Contender, Contest } from "../contest.ts";

await useWasm({ fastKernels: false });

const BATCH = 64;
const rng = createRng(1);

/** Where a contender runs: tfjs's wasm backend with our kernels or without, or its plain JavaScript backend. */
type Place = "fast" | "stock" | "cpu";

async function enter(place: Place): Promise<void> {
  await tf.setBackend(place === "cpu" ? "cpu" : "wasm");
  if (place === "stock") uninstallFastWasmKernels();
  else installFastWasmKernels();
}

/**
 * Calls of `work` a second, times `weight`: over about half a second after two calls that are not counted, or one call
 * where that takes longer. A value of the result is read, so that all is done.
 */
function contender(name: string, place: Place, make: () => () => tf.Tensor, weight = 1): Contender {
  return {
    name,
    measure: async () => {
      await enter(place);
      const work = make();
      const once = () => tf.tidy(() => work().dataSync());
      if (place !== "cpu") for (let k = 0; k < 2; k++) once();
      const start = performance.now();
      let calls = 0;
      while (performance.now() - start < 500) {
        once();
        calls++;
      }
      return (1000 * weight * calls) / (performance.now() - start);
    },
  };
}

function product(name: string, place: Place, a: number[], b: number[], flags: [boolean, boolean]): Contender {
  return contender(name, place, () => {
    const [left, right] = [normalTensor(rng, a), normalTensor(rng, b)];
    return () => tf.matMul(left, right, ...flags).slice([0, 0], [1, 1]);
  });
}

const X = [BATCH, 784];
const W = [784, 256];
const DY = [BATCH, 256];
const products: Contest = {
  question:
    "Matrix products of a dense layer, [64,784]·[784,256]: forward, and the two of every backward pass",
  unit: "products/s",
  contenders: [
    product("x·W, stock", "stock", X, W, [false, false]),
    product("x·W", "fast", X, W, [false, false]),
    product("dy·Wᵀ, stock", "stock", DY, W, [false, true]),
    product("dy·Wᵀ", "fast", DY, W, [false, true]),
    product("xᵀ·dy, stock", "stock", X, DY, [true, false]),
    product("xᵀ·dy", "fast", X, DY, [true, false]),
  ],
  ratios: ["x·W", "dy·Wᵀ", "xᵀ·dy"].map((of) => ({ of, to: "x·W, stock", aim: 0.5 })),
};

const initial = (seed: number) => ({ kernelInitializer: tf.initializers.glorotNormal({ seed }) });

function mlp(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 256, activation: "swish", inputShape: [784], ...initial(1) }),
      tf.layers.dense({ units: 256, activation: "swish", ...initial(2) }),
      tf.layers.dense({ units: 10, ...initial(3) }),
    ],
  });
}

function convolutional(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 32,
        kernelSize: 3,
        padding: "same",
        activation: "swish",
        inputShape: [28, 28, 1],
        ...initial(4),
      }),
      tf.layers.conv2d({
        filters: 64,
        kernelSize: 3,
        strides: 2,
        padding: "same",
        activation: "swish",
        ...initial(5),
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, ...initial(6) }),
    ],
  });
}

/** x ← clip(x − ∇E(x) + 0.01 ξ), E(x) = −log Σ_y exp f_y(x), as a user of tfjs alone writes it, or with our parts. */
function sgldStep(build: () => tf.Sequential, place: Place, batch = BATCH) {
  return () => {
    const net = build();
    const shape = net.inputs[0].shape.slice(1) as number[];
    const x = uniformTensor(rng, [batch, ...shape]);
    const energy = tensorEnergy(shape, (states) => tensorLogSumExp(applyModel(net, states), 1).neg());
    const stock = (states: tf.Tensor) =>
      tf
        .logSumExp(net.apply(states) as tf.Tensor, 1)
        .neg()
        .sum();
    return () => {
      const gradients = place === "fast" ? inputGradients(energy, x).gradients : tf.grad(stock)(x);
      const noise = place === "fast" ? normalTensor(rng, x.shape, 0.01) : tf.randomNormal(x.shape, 0, 0.01);
      return x.sub(gradients).add(noise).clipByValue(0, 1).flatten().slice([0], [1]);
    };
  };
}

/**
 * One Adam step on the cross-entropy of a batch plus 0.1 (mean E of data − mean E of samples): the loss of a joint
 * energy model.
 */
function update(build: () => tf.Sequential, place: Place, batch = BATCH) {
  return () => {
    const net = build();
    const shape = net.inputs[0].shape.slice(1) as number[];
    const x = uniformTensor(rng, [2 * batch, ...shape]);
    const labels = tf.oneHot(tf.tensor1d(Int32Array.from({ length: batch }, (_, i) => i % 10)), 10);
    const optimizer = tf.train.adam(1e-4);
    const apply = (states: tf.Tensor) =>
      (place === "fast" ? applyModel(net, states) : net.apply(states)) as tf.Tensor2D;
    const total = place === "fast" ? tensorLogSumExp : tf.logSumExp;
    return () => {
      const loss = optimizer.minimize(() => {
        const logits = apply(x);
        const energies = total(logits, 1).neg();
        const data = energies.slice([0], [batch]);
        const crossEntropy = logits.slice([0, 0], [batch, 10]).mul(labels).sum(1).neg().sub(data).mean();
        const gap = data.mean().sub(energies.slice([batch], [batch]).mean());
        return crossEntropy.add(gap.mul(0.1)) as tf.Scalar;
      }, true);
      return loss as tf.Scalar;
    };
  };
}

type Work = (build: () => tf.Sequential, place: Place, batch?: number) => () => () => tf.Tensor;

/** Against tfjs's wasm backend as shipped. */
function againstStock(question: string, unit: string, work: Work, aim: number): Contest {
  const peer = "tfjs wasm as shipped";
  return {
    question: `${question}, MLP 784-256-256-10, batch ${BATCH}`,
    unit,
    contenders: [contender("ours", "fast", work(mlp, "fast")), contender(peer, "stock", work(mlp, "stock"))],
    ratios: [{ of: "ours", to: peer, aim }],
  };
}

/** Images at a time on the cpu backend, whose time grows as the batch does: 64 would take a minute a step. */
const FEW = 2;

/** Against tfjs's cpu backend, for a net that the wasm backend as shipped cannot train at all. */
function againstCpu(question: string, work: Work): Contest {
  const peer = `tfjs cpu backend, batch ${FEW}`;
  return {
    question: `${question}, conv 32 3×3, conv 64 3×3 stride 2, dense 10, on 28×28, batch ${BATCH}`,
    unit: "images/s",
    contenders: [
      contender("ours", "fast", work(convolutional, "fast"), BATCH),
      contender(peer, "cpu", work(convolutional, "cpu", FEW), FEW),
    ],
    ratios: [{ of: "ours", to: peer, aim: 5 }],
  };
}

/** Energies of nets on one core. */
export const tensorContests: readonly Contest[] = [
  products,
  againstStock("SGLD step", "steps/s", sgldStep, 4),
  againstStock("Parameter update on data and as many samples", "updates/s", update, 6),
  againstCpu("SGLD step", sgldStep),
  againstCpu("Parameter update on data and as many samples", update),
];
