import { CostError } from "@basin/energy-core";
import {
  type Board,
  type Bound,
  type GpuBuffer,
  type GpuPipeline,
  MOST_GROUPS,
} from "@basin/energy-core/internal";

/** A matrix product on a device, C[r, c] = Σ_k left(r, k) right(k, c), each part written in WGSL. */
export interface Product {
  /** Type of the numbers. Sums of `i32` are exact; those of `f32` are rounded as the device likes. */
  readonly type: "i32" | "f32";
  /** Declarations of buffers from binding 1 on. */
  readonly buffers: string;
  /** The left factor at row `r` and depth `k`. */
  readonly left: string;
  /** The right factor at depth `k` and column `c`. */
  readonly right: string;
  /** Statements that take the finished `sum` of row `r` and column `c`. */
  readonly finish: string;
}

/** Rows and columns of C that a workgroup makes, one number an invocation. */
const SIDE = 16;
/** Products of two numbers in one dispatch: few enough for any driver's watchdog. */
const DISPATCH_PRODUCTS = 2 ** 33;
const MOST_ROWS = 1024;
const LEAST_ROWS = 64;

/** Returns for how many rows a device binds so many bytes each, and makes so many products each in one dispatch. */
export function rowsFor({ device }: Board, bytesEach: number, productsEach: number): number {
  const held = Math.floor(device.limits.maxStorageBufferBindingSize / bytesEach);
  const quick = Math.max(LEAST_ROWS, Math.floor(DISPATCH_PRODUCTS / productsEach));
  return Math.max(1, Math.min(MOST_ROWS, held, quick));
}

/** Returns the workgroups that a product of this shape takes. @throws {CostError} for more than a device starts. */
export function groupsFor(rows: number, columns: number): readonly [x: number, y: number] {
  const groups = [Math.ceil(columns / SIDE), Math.ceil(rows / SIDE)] as const;
  if (groups[0] > MOST_GROUPS)
    throw new CostError(`a GPU multiplies up to ${SIDE * MOST_GROUPS} columns at once, got ${columns}`);
  return groups;
}

/**
 * Returns the kernel of a product; `job` holds its rows, columns and depth. Sums of {@link SIDE} terms are added up, so
 * that rounding grows with the number of such sums.
 */
export function product({ type, buffers, left, right, finish }: Product): string {
  return `
@group(0) @binding(0) var<uniform> job: vec4u;
${buffers}
var<workgroup> lefts: array<${type}, ${SIDE ** 2}>;
var<workgroup> rights: array<${type}, ${SIDE ** 2}>;
fn left(r: u32, k: u32) -> ${type} { return ${left}; }
fn right(k: u32, c: u32) -> ${type} { return ${right}; }
@compute @workgroup_size(${SIDE}, ${SIDE}) fn multiply(@builtin(local_invocation_id) id: vec3u,
  @builtin(global_invocation_id) at: vec3u, @builtin(workgroup_id) group: vec3u) {
  let r = at.y;
  let c = at.x;
  let far = group.x * ${SIDE}u + id.y;
  var sum = ${type}(0);
  for (var start = 0u; start < job.z; start += ${SIDE}u) {
    // Consecutive invocations read consecutive depths.
    let k = start + id.x;
    var own = ${type}(0);
    if (k < job.z && r < job.x) { own = left(r, k); }
    lefts[id.y * ${SIDE}u + id.x] = own;
    own = ${type}(0);
    if (k < job.z && far < job.y) { own = right(k, far); }
    rights[id.x * ${SIDE}u + id.y] = own;
    workgroupBarrier();
    var part = ${type}(0);
    for (var d = 0u; d < ${SIDE}u; d++) { part += lefts[id.y * ${SIDE}u + d] * rights[d * ${SIDE}u + id.x]; }
    sum += part;
    workgroupBarrier();
  }
  if (r < job.x && c < job.y) { ${finish} }
}`;
}

/** Returns a kernel with a job of its own at binding 0, and these buffers. */
export function bindStep(
  board: Board,
  pipeline: GpuPipeline,
  buffers: readonly (readonly [binding: number, buffer: GpuBuffer])[],
): { readonly bound: Bound; readonly job: GpuBuffer } {
  const job = board.uniform("job", 16);
  return { bound: board.bind(pipeline, [[0, job], ...buffers]), job };
}

/** Returns buffers with the numbers of their bindings, from 1 on. */
export const numbered = (buffers: readonly GpuBuffer[]) =>
  buffers.map((buffer, k) => [k + 1, buffer] as const);
