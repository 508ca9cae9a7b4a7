import { expect, test } from "vitest";
import { crc32 } from "../../src/internal/index.ts";

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test("the CRC-32 has its published check value, and goes on from what came before", () => {
  expect(crc32(bytes("123456789"))).toBe(0xcbf43926);
  expect(crc32(bytes("6789"), crc32(bytes("12345")))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
  expect(crc32(bytes("123456788"))).not.toBe(0xcbf43926);
});
