import * as tf from "@tensorflow/tfjs";
import { ArgumentError } from "../../errors.ts";

/** The attributes of tfjs's convolution gradients; `dilations` is our addition, absent where tfjs itself calls. */
export interface WindowAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** The sizes of a two-dimensional convolution: x [n, h, w, c], filter [kh, kw, c, k], y [n, oh, ow, k]. */
export interface Window {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  readonly k: number;
  /** oh, ow, kh, kw, strides, dilations, top, left: in the order that the kernels take them. */
  readonly taps: [number, number, number, number, number, number, number, number, number, number];
}

type Shape4D = [number, number, number, number];

/** @throws {ArgumentError} for channels first, which the backend's forward convolution refuses too. */
export function windowOf(
  xShape: readonly number[],
  filterShape: readonly number[],
  dyShape: readonly number[],
  { strides, pad, dilations = 1, dataFormat = "NHWC", dimRoundingMode }: WindowAttributes,
  depthwise = false,
): Window {
  if (dataFormat !== "NHWC") {
    throw new ArgumentError(`the wasm backend convolves data of format NHWC, got ${dataFormat}`);
  }
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } =
    tf.backend_util.computeConv2DInfo(
      xShape as Shape4D,
      filterShape as Shape4D,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      depthwise,
    );
  const [n, h, w, c] = xShape;
  const [kh, kw, , k] = filterShape;
  // The size of the output is that of dy: the rounding mode does not reach all of tfjs's gradients.
  const [, oh, ow] = dyShape;
  return {
    n,
    h,
    w,
    c,
    k,
    taps: [
      oh,
      ow,
      kh,
      kw,
      strideHeight,
      strideWidth,
      dilationHeight,
      dilationWidth,
      padInfo.top,
      padInfo.left,
    ],
  };
}
