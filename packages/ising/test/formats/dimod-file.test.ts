import { gzipSync } from "node:zlib";
import { FormatError, parseProblem } from "@basin/ising";
import { describe, expect, it } from "vitest";

interface Model {
  readonly version: 1 | 2;
  readonly vartype: "SPIN" | "BINARY";
  readonly labels: readonly (string | number)[];
}

/** offset 0.5, linear 1 and −2 and 0, pairs (0, 1) of 4 and (1, 2) of −1, as the format's description lays them out. */
function fileOf({ version, vartype, labels }: Model, wide: boolean): Uint8Array {
  const [dtype, ntype] = wide ? ["float64", "uint64"] : ["float32", "uint32"];
  const named = labels.some((label, i) => label !== i);
  const variables = version === 1 ? labels : named;
  const header = `${JSON.stringify({ dtype, itype: "uint16", ntype, shape: [3, 2], type: "BQM", variables, vartype })}\n`;
  const padded = header.padEnd(Math.ceil((header.length + 14) / 64) * 64 - 14);
  const bytes = [...Buffer.from("DIMODBQM"), version, 0, ...u32(padded.length), ...Buffer.from(padded)];
  const real = (value: number) => [...new Uint8Array((wide ? Float64Array : Float32Array).of(value).buffer)];
  const start = (value: number) => [...u32(value), ...(wide ? [0, 0, 0, 0] : [])];
  bytes.push(...real(0.5));
  for (const [at, bias] of [
    [0, 1],
    [1, -2],
    [3, 0],
  ])
    bytes.push(...start(at), ...real(bias));
  for (const [j, bias] of [
    [1, 4],
    [0, 4],
    [2, -1],
    [1, -1],
  ])
    bytes.push(j, 0, ...real(bias));
  if (version === 2 && named) {
    const names = JSON.stringify(labels).padEnd(56);
    bytes.push(...Buffer.from("VARS"), ...u32(names.length), ...Buffer.from(names));
  }
  return Uint8Array.from(bytes);
}

function u32(value: number): number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)];
}

const spin = { version: 2, vartype: "SPIN", labels: [0, 1, 2] } as const;

describe("dimod's binary file", () => {
  it.each([1, 2] as const)("is read in version %d, of single or double precision", async (version) => {
    for (const wide of [true, false]) {
      const labels = ["a", "b", 7];
      const file = await parseProblem(fileOf({ version, vartype: "SPIN", labels }, wide));
      expect(file).toMatchObject({ format: "dimod-file", kind: "ising", labels });
      expect(file.problem.energy(Int8Array.of(1, -1, 1))).toBe(0.5 + 1 + 2 - 4 + 1);
      const bits = await parseProblem(gzipSync(fileOf({ version, vartype: "BINARY", labels }, wide)));
      expect(bits.problem.energy(Int8Array.of(1, 1, 1))).toBe(0.5 + 1 - 2 + 4 - 1);
      expect(bits.problem.energy(Int8Array.of(1, -1, 1))).toBe(1.5);
    }
    expect(await parseProblem(fileOf(spin, true))).toMatchObject({ firstNumber: 0, labels: undefined });
  });

  it("is refused where it ends early, is of another version or another model", async () => {
    const bytes = fileOf(spin, true);
    for (const end of [9, 40, bytes.length - 1]) {
      await expect(parseProblem(bytes.subarray(0, end))).rejects.toThrow(FormatError);
    }
    await expect(parseProblem(bytes.subarray(0, -1))).rejects.toThrow(
      /the file ends after \d+ bytes, expected \d+/,
    );
    await expect(
      parseProblem(Uint8Array.of(...bytes.subarray(0, 8), 3, ...bytes.subarray(9))),
    ).rejects.toThrow(/version 3/);
    const other = Uint8Array.of(...Buffer.from("DIMODCQM"), ...bytes.subarray(8));
    await expect(parseProblem(other)).rejects.toThrow(/DIMODCQM is another model of dimod's/);
  });
});
