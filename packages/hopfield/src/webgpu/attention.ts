import type { Matrix } from "@basin/energy-core";
import { Board, dispatch, type GpuBuffer } from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import type { Retrieved, Weighing } from "../modern/retriever.ts";
import { meansText, scoresText, weightsText } from "./attention-wgsl.ts";
import { bindStep, groupsFor, numbered, rowsFor } from "./product.ts";

/** Keys on a device, ready to answer queries with values. */
export interface Attention {
  /** Queries at once. */
  readonly rows: number;
  /**
   * Resolves to one retrieval step.
   *
   * @param queries row-major, `rows` × d, of which at most {@link Attention.rows}.
   */
  step(queries: Float32Array, rows: number, weighing: Weighing): Promise<Retrieved>;
  dispose(): void;
}

/** Resolves to attention over keys [P, d] and values [P, dv]. @throws {CostError} for more than a device holds. */
export async function attention(
  device: GpuDevice,
  keys: Matrix<Float32Array>,
  values: Matrix<Float32Array>,
  relu: boolean,
): Promise<Attention> {
  const board = new Board(device);
  try {
    return await attentionOn(board, keys, values, relu);
  } catch (error) {
    board.dispose();
    throw error;
  }
}

async function attentionOn(
  board: Board,
  keys: Matrix<Float32Array>,
  values: Matrix<Float32Array>,
  relu: boolean,
): Promise<Attention> {
  const [[count, width], dv] = [keys.shape, values.shape[1]];
  const most = rowsFor(board, 4 * Math.max(count, width, dv), count * Math.max(width, dv));
  const own = await board.allocate(() => allocate(board, keys, values, most));
  const { queries, scores, bias, thresholds, totals, nearest, means } = own;
  const step = async (text: string, entry: string, buffers: readonly (readonly [number, GpuBuffer])[]) =>
    bindStep(board, await board.pipeline(text, entry), buffers);
  const score = await step(scoresText(), "multiply", numbered([queries, own.keys, bias, scores]));
  const weigh = await step(weightsText(relu), "weigh", [
    [1, scores],
    ...(relu ? [[2, thresholds] as const] : []),
    [3, totals],
    [4, nearest],
  ]);
  const mean = await step(meansText(), "multiply", numbered([scores, own.values, totals, means]));
  return {
    rows: most,
    async step(asked, rows, weighing) {
      const beta = new Uint32Array(Float32Array.of(weighing.sharpness).buffer)[0];
      board.write(queries, asked);
      board.write(bias, weighing.bias);
      if (weighing.thresholds) board.write(thresholds, weighing.thresholds);
      board.write(score.job, Uint32Array.of(rows, count, width, 0));
      board.write(weigh.job, Uint32Array.of(rows, count, 0, beta));
      board.write(mean.job, Uint32Array.of(rows, dv, count, 0));
      board.submit((encoder) => {
        const pass = encoder.beginComputePass();
        dispatch(pass, score.bound, ...groupsFor(rows, count));
        dispatch(pass, weigh.bound, rows);
        dispatch(pass, mean.bound, ...groupsFor(rows, dv));
        pass.end();
      });
      const [answer, sums, largest] = await board.read([
        { buffer: means, bytes: 4 * rows * dv },
        { buffer: totals, bytes: 4 * rows },
        { buffer: nearest, bytes: 4 * rows },
      ]);
      return {
        means: new Float32Array(answer.buffer),
        nearest: largest,
        reached: Uint8Array.from(new Float32Array(sums.buffer), (sum) => (sum > 0 ? 1 : 0)),
      };
    },
    dispose: () => board.dispose(),
  };
}

function allocate(board: Board, keys: Matrix<Float32Array>, values: Matrix<Float32Array>, rows: number) {
  const [count, width] = keys.shape;
  const put = (label: string, { data }: Matrix<Float32Array>) => {
    const buffer = board.storage(label, data.byteLength);
    board.write(buffer, data);
    return buffer;
  };
  const held = put("the patterns", keys);
  return {
    keys: held,
    values: values === keys ? held : put("the values", values),
    bias: board.storage("the norms of patterns", 4 * count),
    queries: board.storage("the queries", 4 * rows * width),
    scores: board.storage("the scores", 4 * rows * count),
    thresholds: board.storage("the thresholds", 4 * rows),
    totals: board.storage("the sums of weights", 4 * rows),
    nearest: board.storage("the nearest patterns", 4 * rows),
    means: board.storage("the means", 4 * rows * values.shape[1]),
  };
}
