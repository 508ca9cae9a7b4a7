import { CapabilityError, CostError } from "@basin/energy-core";
import { base64Bytes, chooseKernel, kernelOf, wasmModule } from "@basin/energy-core/internal";
import { afterEach, describe, expect, it, vi } from "vitest";

// (module (import "env" "memory" (memory 1)) (func (export "peek") (param i32) (result i32) (i32.load8_u (local.get
// 0))))
const PEEK = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x06, 0x01, 0x60, 0x01, 0x7f, 0x01, 0x7f, 0x02, 0x0f,
  0x01, 0x03, 0x65, 0x6e, 0x76, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00, 0x01, 0x03, 0x02, 0x01,
  0x00, 0x07, 0x08, 0x01, 0x04, 0x70, 0x65, 0x65, 0x6b, 0x00, 0x00, 0x0a, 0x09, 0x01, 0x07, 0x00, 0x20, 0x00,
  0x2d, 0x00, 0x00, 0x0b,
];
const base64 = Buffer.from(PEEK).toString("base64");
const peek = () => wasmModule<{ peek(at: number): number }>(base64);

afterEach(() => vi.unstubAllGlobals());

describe("base64Bytes", () => {
  it.each([0, 1, 2, 3, 4, 255])("decodes %i bytes as the platform encodes them", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + 7) & 255);
    expect(base64Bytes(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
  });
});

describe("wasmModule", () => {
  it("gives each instance a memory of its own, of the size asked for", async () => {
    const module = peek();
    const first = await module.instantiate(100_000);
    const second = module.instantiateSync(1);
    new Uint8Array(first.memory.buffer)[99_999] = 42;
    expect(first.exports.peek(99_999)).toBe(42);
    expect(first.memory.buffer.byteLength).toBe(131_072);
    expect(second.exports.peek(0)).toBe(0);
  });

  it("refuses what 32 bits cannot address before it allocates", async () => {
    await expect(peek().instantiate(2 ** 33)).rejects.toThrow(CostError);
  });

  it("says when the module cannot be compiled here", async () => {
    const broken = wasmModule(Buffer.from(PEEK.slice(0, 20)).toString("base64"));
    await expect(broken.instantiate(1)).rejects.toThrow(CapabilityError);
    expect(() => broken.instantiateSync(1)).toThrow(CapabilityError);
  });
});

describe("kernelOf", () => {
  it("makes the module and the twin over memories of the size asked for, in whole doubles", async () => {
    const kernel = kernelOf<{ peek(at: number): number }>(base64, (buffer) => ({
      peek: (at) => new Uint8Array(buffer)[at],
    }))(20);
    for (const { exports, memory } of [await kernel.wasm(), kernel.typescript()]) {
      new Uint8Array(memory.buffer)[19] = 7;
      expect([exports.peek(19), memory.buffer.byteLength % 8]).toEqual([7, 0]);
    }
  });
});

describe("chooseKernel", () => {
  const kernel = { wasm: async () => (await peek().instantiate(1)).exports.peek(0), typescript: () => -1 };

  it("takes wasm where it works and TypeScript where it is asked for", async () => {
    expect(await chooseKernel(kernel)).toEqual({ implementation: 0, kernel: "wasm" });
    expect(await chooseKernel(kernel, "typescript")).toEqual({ implementation: -1, kernel: "typescript" });
  });

  it("falls back and reports why, but never when wasm was asked for by name", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    const chosen = await chooseKernel(kernel);
    expect(chosen).toMatchObject({ implementation: -1, kernel: "typescript" });
    expect(chosen.fallback).toContain("WebAssembly");
    await expect(chooseKernel(kernel, "wasm")).rejects.toThrow(CapabilityError);
  });

  it("lists the known names", async () => {
    await expect(chooseKernel(kernel, "native" as "wasm")).rejects.toThrow("auto, wasm, typescript");
  });
});
