import { describe, expect, test } from "vitest";
import { begin, type Report, train } from "../../../src/demos/learn/jobs.ts";
import { schema } from "../../../src/demos/learn/settings.ts";
import { initialSettings } from "../../../src/demos/shared/settings.ts";

const initial = initialSettings(schema);

describe("a net in the tab", () => {
  test("learns two moons to less than 0.1 nats by contrastive divergence", async () => {
    const reports: Report[] = [];
    const began = performance.now();
    const { divergence, samples } = await train({ settings: initial }, (news) => reports.push(news));
    console.log(
      `two moons: KL ${divergence!.toFixed(3)} after ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
    expect(divergence).toBeLessThan(0.1);
    expect(reports.at(-1)!.done).toBe(initial.updates);
    expect(samples).toHaveLength(800);
  });

  test("learns points that were drawn: they are likelier than the plane around them", async () => {
    const drawn = Float32Array.from({ length: 200 }, (_, k) => (k % 2 ? 1 : -1) + 0.1 * Math.sin(k));
    const settings = { ...initial, data: "drawn" as const, updates: 100 };
    expect(begin(settings).truth).toBeUndefined();
    const { learned, divergence } = await train({ settings, drawn }, () => {});
    expect(divergence).toBeUndefined();
    const at = (x: number, y: number) =>
      learned[Math.floor(((y + 3) / 6) * 80) * 80 + Math.floor(((x + 3) / 6) * 80)];
    expect(at(-1, 1)).toBeGreaterThan(at(1, -1) + 1);
  });
});
