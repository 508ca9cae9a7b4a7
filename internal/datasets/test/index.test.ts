import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digitClassifier, fashionMnist, halves, mnist, thin } from "../src/index.ts";

const histogram = (labels: Uint8Array) =>
  Array.from({ length: 10 }, (_, c) => labels.filter((l) => l === c).length);

describe("data sets", () => {
  it("reads MNIST whole", () => {
    const { train, test } = mnist();
    expect([train.count, test.count]).toEqual([60_000, 10_000]);
    expect([...train.labels.slice(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    // Class sizes of the test set as LeCun's page gives them.
    expect(histogram(test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect(Math.max(...train.images.subarray(0, 784))).toBe(255);
  });

  it("reads Fashion-MNIST, the same from the cache, and thins it evenly", () => {
    const set = fashionMnist();
    expect(set.count).toBe(70_000);
    expect(histogram(set.labels)).toEqual(Array(10).fill(7000));
    expect(fashionMnist().images.subarray(0, 7840)).toEqual(set.images.subarray(0, 7840));
    expect(histogram(thin(set, 1000).labels)).toEqual(Array(10).fill(100));
  });

  it("halves a set into even and odd places", () => {
    const set = (count: number) => ({
      images: Uint8Array.from({ length: 784 * count }, (_, k) => Math.floor(k / 784)),
      labels: Uint8Array.from({ length: count }, (_, k) => k),
      count,
    });
    for (const count of [2, 9, 10, 1001]) {
      const [even, odd] = halves(set(count));
      expect(even.labels).toEqual(set(count).labels.filter((_, k) => k % 2 === 0));
      expect(odd.labels).toEqual(set(count).labels.filter((_, k) => k % 2 === 1));
      expect(odd.images).toEqual(set(count).images.filter((_, k) => Math.floor(k / 784) % 2 === 1));
    }
  });

  it("gives the classifier of digits of which the page beside it says the hash", () => {
    const page = readFileSync(join(import.meta.dirname, "..", "models", "README.md"), "utf8");
    const bytes = digitClassifier();
    expect(bytes.length).toBeLessThan(300_000);
    expect(page).toContain(createHash("sha256").update(bytes).digest("hex"));
  });
});
