import { Session } from "node:inspector/promises";

interface SampledNode {
  readonly selfSize: number;
  readonly children: readonly SampledNode[];
}

/**
 * Resolves to the bytes that a piece of work allocates on the JavaScript heap, collected ones included, by sampling
 * about one allocation in 16 kB. Memory of wasm and of array buffers is not on that heap.
 */
export async function allocatedBytes(work: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post("HeapProfiler.startSampling", {
      samplingInterval: 1 << 14,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    await work();
    const { profile } = await session.post("HeapProfiler.stopSampling");
    return total(profile.head);
  } finally {
    session.disconnect();
  }
}

function total(node: SampledNode): number {
  return node.children.reduce((sum, child) => sum + total(child), node.selfSize);
}
