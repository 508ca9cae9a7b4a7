import { Board, dispatch } from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, test } from "vitest";
import { type Case, engineFor, traceOf } from "./cases.ts";

const open = await softwareGpu();
const device = await open?.();

const CASES: readonly Case[] = [
  ["square", [6, 128], {}, 0],
  ["square", [16, 128], { disorder: "plus-minus" }, 4],
  ["triangular", [8, 12], { coupling: -1, field: 0.3 }, 0],
  ["cubic", [4, 4, 64], {}, 2],
];

describe.skipIf(device === undefined)("the engine on a software GPU", () => {
  test.each(CASES)("gives its twin's spins, generators and totals: %s %o %o, rows %i", async (...each) => {
    const [twin, gpu] = [await engineFor(each, "metropolis"), await engineFor(each, "metropolis", device)];
    const expected = await traceOf(twin);
    expect(await traceOf(gpu)).toEqual(expected);
    // Totals of the second slot stay while only it moves, and differ from those before: the trace sees each sweep.
    expect(new Set(expected.totals).size).toBeGreaterThan(6);
  });

  test("says what the device refused, which would else be read as zeros", async () => {
    const gpu: GpuDevice = await open!();
    const board = new Board(gpu);
    const code =
      "@group(0) @binding(0) var<storage, read_write> x: array<u32>; @compute @workgroup_size(1) fn fill() { x[0] = 7; }";
    const pipeline = await board.pipeline(code, "fill");
    const buffer = board.storage("x", 16);
    const bound = board.bind(pipeline, [[0, buffer]]);
    const run = (groups: number) => {
      board.submit((encoder) => {
        const pass = encoder.beginComputePass();
        dispatch(pass, bound, groups);
        pass.end();
      });
      return board.read([{ buffer, bytes: 4 }]);
    };
    expect(await run(1)).toEqual([Uint32Array.of(7)]);
    await expect(run(2 ** 20)).rejects.toThrow(/^the GPU refused work: /);
    board.dispose();
  });

  test("differs from a twin whose probabilities are a thousandth too low", async () => {
    const [twin, gpu] = [
      await engineFor(CASES[0], "heat-bath"),
      await engineFor(CASES[0], "heat-bath", device),
    ];
    expect(await traceOf(gpu)).not.toEqual(await traceOf(twin, 0.999));
  });
});
