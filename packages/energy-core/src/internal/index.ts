/**
 * Plumbing that Basin's packages share: the checks of options and arguments, the parts of long runs, the choice and
 * loading of compiled kernels and the twins of their lanes, and what combinators, walks and readers are made of. It is
 * not for users: names here change or go in any release.
 */
export { checkKeepsState, FaultyEnergyError, gradientAt } from "../check-arguments.ts";
export { requireMoves } from "../check-cursor.ts";
export { checkOptions } from "../check-options.ts";
export { cholesky, inverseFromCholesky } from "../cholesky.ts";
export { pointwise } from "../combine/pointwise.ts";
export type { Rule } from "../combine/rule.ts";
export { rowMajorStride } from "../data/array.ts";
export { type CsvRecord, parseRecords, readNumber } from "../data/csv.ts";
export { checkIsEnergy } from "../energy.ts";
export {
  checkEnergy,
  checkKind,
  checkLength,
  checkList,
  checkName,
  checkNumbers,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "../errors.ts";
export { kindOf } from "../kind-of.ts";
export { toVector } from "../matrix.ts";
export { minimizeReals, type RealMinimum } from "../minimize/lbfgs.ts";
export { descendMoves } from "../minimize/moves.ts";
export { movesOf } from "../moves-of.ts";
export { SparseCursor } from "../quadratic/sparse-cursor.ts";
export { standardNormal } from "../random/normal.ts";
export { philox4x32 } from "../random/philox.ts";
export { seedLanes } from "../random/rng.ts";
export { seedOf } from "../random/seed.ts";
export { crc32 } from "../run/crc32.ts";
export { writeWhole } from "../run/files.ts";
export { checksum, type Fingerprint } from "../run/fingerprint.ts";
export { runJobs } from "../run/jobs.ts";
export type { RunIdentity } from "../run/keep-run.ts";
export { loadModule } from "../run/modules.ts";
export type { Pacer } from "../run/pace.ts";
export { now, yieldToEvents } from "../run/platform.ts";
export { checkWorkers } from "../run/pool.ts";
export { type AbortSignal, followSignal, throwIfAborted } from "../run/signal.ts";
export type { Parts } from "../run/spread.ts";
export { shareOut, spread } from "../run/spread.ts";
export type { BallMinimum, BallOptions, Quantities, Sites } from "../space.ts";
export type { LabelSpace } from "../spaces/labels.ts";
export { realDimension } from "../spaces/real-dimension.ts";
export { siteSpace } from "../spaces/sites.ts";
export type { SpinSpace } from "../spaces/spins.ts";
export { orderOfShare } from "../tasks/detect.ts";
export type { CanRecall } from "../tasks/recall.ts";
export { base64Bytes, base64Text } from "../wasm/base64.ts";
export type { Kernel } from "../wasm/choose.ts";
export {
  type Chosen,
  chooseKernel,
  compiled,
  type KernelName,
  type KernelOption,
  kernelNames,
  kernelOf,
  placeKernel,
} from "../wasm/choose.ts";
export type { WasmModule } from "../wasm/module.ts";
export { type WasmInstance, wasmModule } from "../wasm/module.ts";
export { Board, type Bound, bufferText, dispatch, MOST_GROUPS } from "../webgpu/board.ts";
export { checkDeviceOption, type DeviceOption, deviceNames, onDevice } from "../webgpu/on-device.ts";
export type { GpuBuffer, GpuEncoder, GpuPass, GpuPipeline } from "../webgpu/types.ts";
export { betaQuantile, incompleteBeta, logGamma } from "./beta-quantile.ts";
export { countBelow } from "./count-below.ts";
export { expBelow, log32, minusLog2 } from "./floats.ts";
export { halfFloat } from "./half-float.ts";
export { normalQuantile } from "./normal-quantile.ts";
export { oneEach } from "./one-each.ts";
export { layOut, type Regions } from "./regions.ts";
export { squareProduct, symmetricEigen, symmetricFunction } from "./symmetric-eigen.ts";
export { seedTape, TAPE_BYTES, TAPE_SPARE, Tape } from "./tape.ts";
export { decodeText, encodeText, encodingOf } from "./text.ts";
export { nextWord } from "./xoshiro.ts";
