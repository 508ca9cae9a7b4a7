import * as tf from "@tensorflow/tfjs";

/** Layers to apply one after the other, and the shape of what goes into the first. */
export interface LayerCase {
  readonly input: readonly number[];
  readonly layers: () => tf.layers.Layer[];
  /** Where the cpu backend's own gradients are wrong. */
  readonly wrongOnCpu?: true;
}

const L = tf.layers;
const IMAGE = [7, 6, 3];
const SERIES = [9, 4];
const VOLUME = [5, 4, 4, 2];

type Options = Record<string, unknown>;
type Factory = (options: never) => tf.layers.Layer;

/** One case for each set of options, named after it. */
function table(name: string, make: Factory, input: readonly number[], sets: readonly Options[]) {
  return Object.fromEntries(
    sets.map((options): [string, LayerCase] => [
      `${name} ${JSON.stringify(options)}`,
      { input, layers: () => [make({ ...options, inputShape: input } as never)] },
    ]),
  );
}

/** Every choice of one value for each option; `undefined` leaves it out, `null` is what a model of Keras holds. */
function choices(options: Record<string, readonly unknown[]>): Options[] {
  return Object.entries(options).reduce<Options[]>(
    (sets, [name, values]) =>
      sets.flatMap((set) => values.map((value) => (value === undefined ? set : { ...set, [name]: value }))),
    [{}],
  );
}

const OPTIONAL = {
  useBias: [undefined, false],
  activation: [undefined, null, "relu", "swish"],
} as const;

const PADDED = { padding: ["same", "valid"], strides: [undefined, 2] } as const;

const ACTIVATIONS = [
  "elu",
  "gelu",
  "gelu_new",
  "hardSigmoid",
  "linear",
  "logSoftmax",
  "mish",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "tanh",
];

const everyActivation = ACTIVATIONS.map((activation) => ({ activation }));
const withUnits = (units: number) => everyActivation.map((options) => ({ ...options, units }));

function wrongOnCpu(cases: Record<string, LayerCase>): Record<string, LayerCase> {
  return Object.fromEntries(
    Object.entries(cases).map(([name, found]) => [name, { ...found, wrongOnCpu: true }]),
  );
}

/** Two ways from one input to a layer that merges them. */
function merged(name: string, merge: tf.layers.Layer, other = L.dense({ units: 4, activation: "relu" })) {
  return { [name]: { input: SERIES, layers: () => [two(merge, other)] } satisfies LayerCase };
}

function two(merge: tf.layers.Layer, other: tf.layers.Layer): tf.layers.Layer {
  const input = tf.input({ shape: SERIES });
  const output = merge.apply([input, other.apply(input) as tf.SymbolicTensor]) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output }) as unknown as tf.layers.Layer;
}

const recurrent = choices({
  units: [3],
  useBias: [undefined, false],
  returnSequences: [undefined, true],
  goBackwards: [undefined, true],
});

/** Layers of tfjs by the name of what makes them, each with its optional parts present, absent and null. */
export const LAYERS: Readonly<Record<string, Record<string, LayerCase>>> = {
  activation: table("activation", L.activation, [5], everyActivation),
  dense: {
    ...table("dense", L.dense, [5], choices({ units: [3], ...OPTIONAL })),
    ...table("dense", L.dense, [5], withUnits(3)),
    ...table("dense", L.dense, SERIES, choices({ units: [3], ...OPTIONAL })),
  },
  conv1d: table("conv1d", L.conv1d, SERIES, [
    ...choices({ filters: [3], kernelSize: [3], ...OPTIONAL, ...PADDED }),
    ...choices({ filters: [3], kernelSize: [3], dilationRate: [2], padding: ["same", "valid"] }),
  ]),
  conv2d: table("conv2d", L.conv2d, IMAGE, [
    ...choices({ filters: [3], kernelSize: [[3, 2]], ...OPTIONAL, ...PADDED }),
    ...choices({ filters: [9], kernelSize: [3], dilationRate: [2, null], padding: ["same", "valid"] }),
    ...choices({ filters: [3], kernelSize: [1], strides: [3], padding: ["same", "valid"] }),
    ...everyActivation.map((options) => ({ ...options, filters: 2, kernelSize: 2 })),
  ]),
  conv2dTranspose: table(
    "conv2dTranspose",
    L.conv2dTranspose,
    IMAGE,
    choices({ filters: [3], kernelSize: [3], ...OPTIONAL, ...PADDED }),
  ),
  depthwiseConv2d: table("depthwiseConv2d", L.depthwiseConv2d, IMAGE, [
    ...choices({ kernelSize: [3], depthMultiplier: [undefined, 2], ...OPTIONAL, ...PADDED }),
    ...everyActivation.map((options) => ({ ...options, kernelSize: 2 })),
  ]),
  separableConv2d: table("separableConv2d", L.separableConv2d, IMAGE, [
    ...choices({ filters: [3], kernelSize: [3], depthMultiplier: [undefined, 2], ...OPTIONAL, ...PADDED }),
    ...choices({ filters: [3], kernelSize: [3], dilationRate: [2, null] }),
  ]),
  conv3d: table(
    "conv3d",
    L.conv3d,
    VOLUME,
    choices({ filters: [3], kernelSize: [2], ...OPTIONAL, ...PADDED }),
  ),
  conv3dTranspose: table(
    "conv3dTranspose",
    L.conv3dTranspose,
    VOLUME,
    choices({ filters: [3], kernelSize: [2], ...OPTIONAL, ...PADDED }),
  ),
  batchNormalization: table(
    "batchNormalization",
    L.batchNormalization,
    IMAGE,
    choices({ center: [undefined, false], scale: [undefined, false], trainable: [undefined, false] }),
  ),
  layerNormalization: table(
    "layerNormalization",
    L.layerNormalization,
    IMAGE,
    choices({ center: [undefined, false], scale: [undefined, false], axis: [undefined, [2, 3]] }),
  ),
  maxPooling1d: table("maxPooling1d", L.maxPooling1d, SERIES, choices({ poolSize: [2, 3], ...PADDED })),
  maxPooling2d: table("maxPooling2d", L.maxPooling2d, IMAGE, choices({ poolSize: [2, [3, 2]], ...PADDED })),
  maxPooling3d: table("maxPooling3d", L.maxPooling3d, VOLUME, choices({ poolSize: [2], ...PADDED })),
  averagePooling1d: table(
    "averagePooling1d",
    L.averagePooling1d,
    SERIES,
    choices({ poolSize: [2, 3], ...PADDED }),
  ),
  averagePooling2d: table(
    "averagePooling2d",
    L.averagePooling2d,
    IMAGE,
    choices({ poolSize: [2, [3, 2]], ...PADDED }),
  ),
  averagePooling3d: table(
    "averagePooling3d",
    L.averagePooling3d,
    VOLUME,
    choices({ poolSize: [2], ...PADDED }),
  ),
  globalAveragePooling1d: table("globalAveragePooling1d", L.globalAveragePooling1d, SERIES, [{}]),
  globalAveragePooling2d: table("globalAveragePooling2d", L.globalAveragePooling2d as Factory, IMAGE, [{}]),
  globalMaxPooling1d: table("globalMaxPooling1d", L.globalMaxPooling1d, SERIES, [{}]),
  globalMaxPooling2d: table("globalMaxPooling2d", L.globalMaxPooling2d as Factory, IMAGE, [{}]),
  zeroPadding2d: table(
    "zeroPadding2d",
    L.zeroPadding2d,
    IMAGE,
    choices({
      padding: [
        undefined,
        [
          [1, 0],
          [0, 2],
        ],
      ],
    }),
  ),
  cropping2D: table("cropping2D", L.cropping2D, IMAGE, [
    {
      cropping: [
        [1, 0],
        [0, 2],
      ],
    },
  ]),
  upSampling2d: {
    ...table(
      "upSampling2d",
      L.upSampling2d,
      [6, 6, 3],
      choices({ size: [undefined, [3, 3]], interpolation: ["bilinear"] }),
    ),
    ...wrongOnCpu(table("upSampling2d", L.upSampling2d, [6, 6, 3], choices({ size: [undefined, [3, 3]] }))),
  },
  elu: table("elu", L.elu, [5], [{}]),
  reLU: table("reLU", L.reLU, [5], choices({ maxValue: [undefined, 0.5] })),
  leakyReLU: table("leakyReLU", L.leakyReLU, [5], choices({ alpha: [undefined, 0.1] })),
  prelu: table(
    "prelu",
    L.prelu,
    IMAGE,
    choices({ alphaInitializer: ["ones"], sharedAxes: [undefined, [1, 2]] }),
  ),
  softmax: table("softmax", L.softmax, [5], choices({ axis: [undefined, -1] })),
  thresholdedReLU: table("thresholdedReLU", L.thresholdedReLU, [5], choices({ theta: [undefined, 0.2] })),
  dropout: table("dropout", L.dropout, [5], [{ rate: 0.5 }]),
  spatialDropout1d: table("spatialDropout1d", L.spatialDropout1d, SERIES, [{ rate: 0.5 }]),
  gaussianNoise: table("gaussianNoise", L.gaussianNoise, [5], [{ stddev: 1 }]),
  gaussianDropout: table("gaussianDropout", L.gaussianDropout, [5], [{ rate: 0.5 }]),
  alphaDropout: table("alphaDropout", L.alphaDropout, [5], [{ rate: 0.5 }]),
  flatten: table("flatten", L.flatten, IMAGE, choices({ dataFormat: [undefined, "channelsFirst"] })),
  repeatVector: table("repeatVector", L.repeatVector, [5], [{ n: 3 }]),
  reshape: table("reshape", L.reshape, SERIES, [{ targetShape: [6, 6] }]),
  permute: table("permute", L.permute, SERIES, [{ dims: [2, 1] }]),
  masking: table("masking", L.masking, SERIES, [{ maskValue: 0 }]),
  rescaling: table("rescaling", L.rescaling, IMAGE, choices({ scale: [0.5], offset: [undefined, 0.1] })),
  simpleRNN: table("simpleRNN", L.simpleRNN, SERIES, recurrent),
  gru: table("gru", L.gru, SERIES, recurrent),
  lstm: table("lstm", L.lstm, SERIES, recurrent),
  convLstm2d: table(
    "convLstm2d",
    L.convLstm2d,
    [2, 5, 5, 2],
    choices({ filters: [2], kernelSize: [2], padding: ["same", "valid"], useBias: [undefined, false] }),
  ),
  rnn: {
    "rnn of stacked cells": {
      input: SERIES,
      layers: () => [
        L.rnn({
          cell: [L.gruCell({ units: 3 }), L.lstmCell({ units: 2 }), L.simpleRNNCell({ units: 2 })],
        } as never),
      ],
    },
  },
  bidirectional: {
    bidirectional: {
      input: SERIES,
      layers: () => [L.bidirectional({ layer: L.lstm({ units: 2 }) as never, mergeMode: "concat" })],
    },
  },
  timeDistributed: {
    timeDistributed: { input: SERIES, layers: () => [L.timeDistributed({ layer: L.dense({ units: 3 }) })] },
    "timeDistributed convolution": {
      input: [3, 6, 6, 2],
      layers: () => [L.timeDistributed({ layer: L.conv2d({ filters: 2, kernelSize: 3 }) })],
    },
  },
  add: merged("add", L.add()),
  average: merged("average", L.average()),
  concatenate: {
    ...merged("concatenate", L.concatenate()),
    ...merged("concatenate, axis 1", L.concatenate({ axis: 1 })),
  },
  maximum: merged("maximum", L.maximum()),
  minimum: merged("minimum", L.minimum()),
  multiply: merged("multiply", L.multiply()),
  dot: merged("dot", L.dot({ axes: 2 })),
};

/** What makes no layer to differentiate in its input, and why. */
export const APART: Readonly<Record<string, string>> = {
  input: "makes a symbolic tensor",
  inputLayer: "hands its input on",
  embedding: "takes numbers of tokens, in which there is no gradient",
  categoryEncoding: "takes numbers of categories",
  randomWidth: "draws at random",
  centerCrop: "tfjs states the shape of its output as that of its input, and refuses it",
  resizing: "tfjs's own call throws in a model, on every backend",
  stackedRNNCells: "cells, in the case of rnn",
  gruCell: "a cell, in the case of rnn",
  lstmCell: "a cell, in the case of rnn",
  simpleRNNCell: "a cell, in the case of rnn",
  convLstm2dCell: "a cell, in convLstm2d",
  Layer: "a class",
  RNN: "a class",
  RNNCell: "a class",
};

/** Other names of functions that are in the table. */
export const ALIASES = /^(avgPool|avgPooling|maxPool|globalMaxPool)\dd$/;
