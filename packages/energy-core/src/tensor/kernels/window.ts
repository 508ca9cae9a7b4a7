import * as tf from "@tensorflow/tfjs";
import { ArgumentError } from "../../errors.ts";

/** The attributes of tfjs's convolutions and their gradients. What its layers leave to a default they give as null. */
export interface WindowAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number] | null;
  readonly dataFormat?: "NHWC" | "NCHW" | null;
  readonly dimRoundingMode?: "floor" | "round" | "ceil" | null;
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

/** @throws {ArgumentError} for channels first, which the backend has no kernel for. */
export function checkLastChannels(dataFormat: WindowAttributes["dataFormat"]): void {
  if ((dataFormat ?? "NHWC") !== "NHWC")
    throw new ArgumentError(
      `the wasm backend convolves data of format NHWC (channels last), got ${dataFormat}`,
    );
}

/** @throws {ArgumentError} for channels first. */
export function windowOf(
  xShape: readonly number[],
  filterShape: readonly number[],
  dyShape: readonly number[],
  { strides, pad, dilations, dataFormat, dimRoundingMode }: WindowAttributes,
  depthwise = false,
): Window {
  checkLastChannels(dataFormat);
  const { padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } =
    tf.backend_util.computeConv2DInfo(
      xShape as Shape4D,
      filterShape as Shape4D,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode ?? undefined,
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
