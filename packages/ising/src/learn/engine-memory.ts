import { layOut } from "@basin/energy-core/internal";

/** Hidden units whose ratios are one product. */
const UNITS_OF_A_CHUNK = 256;
/** Bytes of a generator: four words of four lanes. */
export const GENERATOR = 64;

/** Numbers of units, of samples a batch, and of generators, one by default. */
export interface EngineSize {
  readonly visible: number;
  readonly hidden: number;
  readonly samples: number;
  readonly generators?: number;
}

/** One layer's place for a batch: probabilities (or fields), who is on, and the same by unit. */
export interface Layer {
  readonly units: number;
  readonly width: number;
  /** Address of `samples` × `width` floats. */
  readonly values: number;
  /** Address of `samples` × `units` indices, and of their counts. */
  readonly lists: number;
  readonly counts: number;
  /** Address of `units` × `samples` indices, and of their counts. */
  readonly byUnit: number;
  readonly unitCounts: number;
  /** Address of what is added to scaled fields before they become probabilities. */
  readonly offset: number;
}

/** Returns the layer of the samples from one on. */
export function layerFrom(layer: Layer, sample: number): Layer {
  const { units, width, values, lists, counts } = layer;
  return {
    ...layer,
    values: values + 4 * sample * width,
    lists: lists + 2 * sample * units,
    counts: counts + 4 * sample,
  };
}

function placeLayer(
  { units, width, offset }: Pick<Layer, "units" | "width" | "offset">,
  samples: number,
  start: number,
): Layer & { bytes: number } {
  const at = layOut(
    {
      values: 4 * samples * width,
      lists: 2 * samples * units,
      counts: 4 * samples,
      byUnit: 2 * samples * units,
      unitCounts: 4 * units,
    },
    { start },
  );
  return { units, width, offset, ...at };
}

/** The layout: weights both ways round, then two batches of visible and two of hidden units. */
export function memoryOf({ visible, hidden, samples, generators = 1 }: EngineSize) {
  const [visibleWidth, hiddenWidth] = [visible, hidden].map((units) => 32 * Math.ceil(units / 32));
  const chunks = Math.ceil(hidden / UNITS_OF_A_CHUNK);
  const floats = 4 * Math.ceil(visible / 4) * hiddenWidth;
  const at = layOut({
    w: 4 * floats,
    wt: 4 * 4 * Math.ceil(hidden / 4) * visibleWidth,
    velocity: 4 * floats,
    average: 4 * floats,
    visibleBias: 4 * visibleWidth,
    hiddenBias: 4 * hiddenWidth,
    visibleOffset: 4 * visibleWidth,
    hiddenOffset: 4 * hiddenWidth,
    rng: GENERATOR * generators,
    sums: 8 * samples,
    products: 8 * samples * chunks,
  });
  const v = { units: visible, width: visibleWidth, offset: at.visibleOffset };
  const h = { units: hidden, width: hiddenWidth, offset: at.hiddenOffset };
  const data = placeLayer(v, samples, at.bytes);
  const model = placeLayer(v, samples, data.bytes);
  const hiddenData = placeLayer(h, samples, model.bytes);
  const hiddenModel = placeLayer(h, samples, hiddenData.bytes);
  const layers = { visible: [data, model], hidden: [hiddenData, hiddenModel] } as const;
  return { ...at, ...layers, visibleWidth, hiddenWidth, chunks, bytes: hiddenModel.bytes };
}
