import { mendBackend, tensorEnergy } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import { afterEach, describe, expect, it } from "vitest";

afterEach(async () => {
  await tf.setBackend("cpu");
  tf.removeBackend("webgpu");
});

/** Starts the cpu backend under the name of the WebGPU backend, with a synchronous read of its own. */
async function startBackend(readSync: (values: Float32Array) => Float32Array): Promise<void> {
  await tf.setBackend("cpu");
  const Cpu = tf.backend().constructor as new () => { readSync(dataId: object): Float32Array };
  tf.registerBackend("webgpu", () => {
    const backend = new Cpu();
    const read = backend.readSync.bind(backend);
    // Where values are held, the WebGPU backend tells by this map; here they are never on the CPU.
    return Object.assign(backend, {
      readSync: (dataId: object) => readSync(read(dataId)),
      read: async (dataId: object) => read(dataId),
      tensorMap: new Map(),
    }) as never;
  });
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu"))
    if (tf.getKernel(kernelName, "webgpu") === undefined)
      tf.registerKernel({ kernelName, kernelFunc, backendName: "webgpu" });
  await tf.setBackend("webgpu");
}

const bowl = tensorEnergy([2], (x) => x.square().sum(1));

describe("mendBackend", () => {
  it("refuses synchronous reads where they give zeros, and leaves data() as it is", async () => {
    await startBackend((values) => values.map(() => 0));
    const tensor = tf.tensor1d([1, 2]).neg();
    expect([...tensor.dataSync()]).toEqual([0, 0]);
    mendBackend();
    mendBackend();
    expect(() => tensor.dataSync()).toThrow(
      /cannot read tensors synchronously in this browser.*await data\(\)/,
    );
    expect([...(await tensor.data())]).toEqual([-1, -2]);
  });

  it("leaves reads that are right", async () => {
    await startBackend((values) => values);
    mendBackend();
    expect([...tf.tensor1d([1, 2]).neg().dataSync()]).toEqual([-1, -2]);
  });

  it("is called by energies on tensors: one state is refused, a batch is not", async () => {
    await startBackend((values) => values.map(() => 0));
    expect(() => bowl.energy(Float64Array.of(3, 4))).toThrow(/synchronously/);
    expect([...(await bowl.can.batch.energies(tf.tensor2d([[3, 4]])).data())]).toEqual([25]);
  });
});
