import { ArgumentError, checkNumber, type MatrixLike, toMatrix } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import * as tf from "@tensorflow/tfjs";

/** Options of {@link retrievalLayer}. */
export interface RetrievalLayerOptions {
  /**
   * β of softmax(β q·k), above 0. Default 1/√d with d the dimension in which queries and keys are compared, as in
   * attention.
   */
  sharpness?: number;
  /**
   * Updates q ← softmax(β q Kᵀ) K before values are read, at least 1; more than one iterates toward a fixed point.
   * Default 1.
   */
  steps?: number;
  /** Stored patterns given as [P, d]; they can still be trained. Exclusive with `stored`. */
  patterns?: MatrixLike;
  /** Number of stored patterns, drawn at random and trained. Exclusive with `patterns`. */
  stored?: number;
  /** Whether stored patterns are trained. Default true for `stored`, false for `patterns`. */
  trainable?: boolean;
  /**
   * Number of trained state patterns (queries) of the layer. The input [batch, m, d] is stored, and pooled into this
   * many rows.
   */
  pool?: number;
  /** Width of trained projections of queries and keys; values are not projected. Default: no projection. */
  projection?: number;
  name?: string;
}

/**
 * Returns a layer that retrieves from a modern Hopfield memory (Ramsauer et al. 2021): softmax(β q Kᵀ) V, plain by
 * default.
 *
 * - with `patterns` or `stored`: the memory is the layer's own; input [batch, …, d] → the same shape.
 * - with `pool`: input [batch, m, d] is the memory, the layer's own states ask; → [batch, pool, d].
 * - with neither: input [states, stored], of shapes [batch, n, d] and [batch, m, d] → [batch, n, d]: association.
 *
 * Padding rows are excluded: mark them by a Masking layer before `pool`, or by a mask [batch, m] of 0 and 1 given last,
 * as [memory, mask] or [states, stored, mask]. A memory of only padding gives zeros.
 *
 * One step without projections is softmax attention with K = V. Models with it are saved and loaded like any other.
 *
 * @throws {ArgumentError} for options that exclude each other and numbers out of range.
 *
 * @example
 * ```ts
 * import { retrievalLayer } from "@basin/hopfield/tensor";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const layer = retrievalLayer({ patterns: [[1, 0], [0, 1]], sharpness: 8 });
 * console.log((layer.apply(tf.tensor2d([[0.9, 0.2]])) as tf.Tensor).dataSync()); // close to 1, 0
 * ```
 */
export function retrievalLayer(options: RetrievalLayerOptions = {}): RetrievalLayer {
  checkOptions("retrievalLayer", options, "sharpness steps patterns stored trainable pool projection name");
  return new RetrievalLayer(options);
}

type Config = RetrievalLayerOptions & tf.serialization.ConfigDict;

/** See {@link retrievalLayer}. */
export class RetrievalLayer extends tf.layers.Layer {
  static className = "BasinRetrieval";
  readonly #options: RetrievalLayerOptions;
  #keys?: tf.LayerVariable;
  #states?: tf.LayerVariable;
  #queryProjection?: tf.LayerVariable;
  #keyProjection?: tf.LayerVariable;

  constructor(options: RetrievalLayerOptions) {
    super({ ...(options.name === undefined ? {} : { name: options.name }) });
    this.supportsMasking = true;
    const { patterns, stored, pool, projection, steps, sharpness } = options;
    if ([patterns, stored, pool].filter((given) => given !== undefined).length > 1) {
      throw new ArgumentError("patterns, stored and pool exclude each other; give one at most");
    }
    for (const [what, value] of Object.entries({ stored, pool, projection, steps })) {
      if (value !== undefined) checkNumber(what, value, { min: 1, integer: true });
    }
    if (sharpness !== undefined) checkNumber("sharpness", sharpness, { above: 0 });
    if (projection !== undefined && (steps ?? 1) > 1) {
      throw new ArgumentError(
        `steps is ${steps}; with a projection queries and keys differ, so only one step is defined`,
      );
    }
    this.#options = options;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { patterns, stored, pool, projection } = this.#options;
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
    const d = shape[shape.length - 1];
    if (d === null) throw new ArgumentError("the last axis of the input has no fixed length");
    const normal = tf.initializers.randomNormal({ stddev: 1 / Math.sqrt(d), seed: 1 });
    const given = patterns && toMatrix(patterns, Float32Array, "patterns");
    if (given && given.shape[1] !== d) {
      throw new ArgumentError(`patterns have ${given.shape[1]} entries, but the input has ${d}`);
    }
    const trainable = this.#options.trainable ?? stored !== undefined;
    if (given) {
      this.#keys = this.addWeight(
        "stored",
        [...given.shape],
        "float32",
        fixed(given.data, [...given.shape]),
        undefined,
        trainable,
      );
    } else if (stored !== undefined) {
      this.#keys = this.addWeight("stored", [stored, d], "float32", normal, undefined, trainable);
    }
    if (pool !== undefined) this.#states = this.addWeight("states", [pool, d], "float32", normal);
    if (projection !== undefined) {
      this.#queryProjection = this.addWeight("query", [d, projection], "float32", normal);
      this.#keyProjection = this.addWeight("key", [d, projection], "float32", normal);
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as tf.Shape;
    const { pool } = this.#options;
    return pool === undefined ? shape : [shape[0], pool, shape[shape.length - 1]];
  }

  /** Pooled states stand for what was stored, and none of them is padding. */
  override computeMask(_inputs: tf.Tensor | tf.Tensor[], mask?: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const own = Array.isArray(mask) ? mask[0] : mask;
    return (this.#states ? null : (own ?? null)) as tf.Tensor;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { mask }: { mask?: tf.Tensor | null } = {}): tf.Tensor {
    return tf.tidy(() => {
      const list = Array.isArray(inputs) ? inputs : [inputs];
      if (this.#keys) return this.#retrieve(list[0], this.#keys.read());
      if (this.#states) {
        const states = this.#states.read().expandDims(0).tile([list[0].shape[0], 1, 1]);
        return this.#retrieve(states, list[0], list[1] ?? mask);
      }
      if (list.length !== 2 && list.length !== 3) {
        throw new ArgumentError(
          `the layer got ${list.length} inputs, expected [states, stored], or patterns, stored or pool`,
        );
      }
      return this.#retrieve(list[0], list[1], list[2]);
    });
  }

  #retrieve(states: tf.Tensor, stored: tf.Tensor, mask?: tf.Tensor | null): tf.Tensor {
    const { steps = 1 } = this.#options;
    const project = (x: tf.Tensor, w?: tf.LayerVariable) => (w ? times(x, w.read()) : x);
    const keys = project(stored, this.#keyProjection);
    const present = mask && maskOf(mask, stored).expandDims(1);
    let queries = states;
    for (let k = 0; k < steps; k++) {
      const compared = project(queries, this.#queryProjection);
      const sharpness = this.#options.sharpness ?? 1 / Math.sqrt(compared.shape[compared.rank - 1] as number);
      const likeness = tf.mul(times(compared, keys, true), sharpness);
      // What is not there weighs nothing, even where nothing is there.
      const weights = present
        ? tf.softmax(likeness.add(present.sub(1).mul(ABSENT))).mul(present)
        : tf.softmax(likeness);
      queries = times(weights, stored);
    }
    return queries;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { patterns, ...plain } = this.#options;
    // Given patterns are weights, saved with the others: the configuration needs only their number.
    const size = patterns && toMatrix(patterns, Float32Array).shape[0];
    const config =
      size === undefined ? plain : { ...plain, stored: size, trainable: this.#options.trainable ?? false };
    return { ...super.getConfig(), ...config } as tf.serialization.ConfigDict;
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: Config,
  ): T {
    return new cls(config);
  }
}

tf.serialization.registerClass(RetrievalLayer);

/** Taken off the likeness of padding: far below any other, and finite. */
const ABSENT = 1e9;

/** @throws {ArgumentError} for a mask that is not [batch, m]. */
function maskOf(mask: tf.Tensor, stored: tf.Tensor): tf.Tensor {
  const expected = stored.shape.slice(0, 2);
  if (mask.rank === 2 && mask.shape.every((length, axis) => length === expected[axis])) return mask.toFloat();
  throw new ArgumentError(
    `the mask has shape [${mask.shape.join(", ")}], expected [${expected.join(", ")}]: one entry for each stored pattern`,
  );
}

/** a b or a bᵀ over the last axes, a of any rank, b of rank 2 shared by the batch or of the rank of a. */
function times(a: tf.Tensor, b: tf.Tensor, transpose = false): tf.Tensor {
  if (b.rank === a.rank) return tf.matMul(a, b, false, transpose);
  const rows = tf.matMul(a.reshape([-1, a.shape[a.rank - 1] as number]), b as tf.Tensor2D, false, transpose);
  return rows.reshape([...a.shape.slice(0, -1), rows.shape[1] as number]);
}

class Fixed extends tf.serialization.Serializable {
  static className = "BasinFixed";
  readonly #values: Float32Array;
  readonly #shape: number[];

  constructor(values: Float32Array, shape: number[]) {
    super();
    this.#values = values;
    this.#shape = shape;
  }

  apply(): tf.Tensor {
    return tf.tensor(this.#values, this.#shape);
  }

  getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}

function fixed(values: Float32Array, shape: number[]): ReturnType<typeof tf.initializers.zeros> {
  return new Fixed(values, shape) as unknown as ReturnType<typeof tf.initializers.zeros>;
}
