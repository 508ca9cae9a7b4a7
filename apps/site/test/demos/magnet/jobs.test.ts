import { onsager } from "@basin/ising";
import { describe, expect, test } from "vitest";
import { exactMagnet, visits } from "../../../src/demos/magnet/exact.ts";
import { advance, begin } from "../../../src/demos/magnet/jobs.ts";
import { MagnetRecord } from "../../../src/demos/magnet/record.ts";
import { planOf, type Settings, schema } from "../../../src/demos/magnet/settings.ts";
import { roughly, sweepsToForget } from "../../../src/demos/magnet/settling.ts";
import { initialSettings } from "../../../src/demos/shared/settings.ts";

const initial = { ...initialSettings(schema), size: "64" as const };

describe("the plan of a magnet", () => {
  test("gives way with a note where settings cannot be had together", () => {
    expect(planOf({ ...initial, size: "4096" })).toMatchObject({ size: 4096, notes: { size: "" } });
    expect(planOf({ ...initial, size: "4096", states: 3 })).toMatchObject({ size: 128 });
    expect(planOf({ ...initial, algorithm: "wolff", coupling: "antiferro" })).toMatchObject({
      algorithm: "heat-bath",
      notes: { algorithm: expect.stringContaining("heat bath runs instead") },
    });
    expect(planOf({ ...initial, states: 3, field: 1 })).toMatchObject({
      field: 0,
      notes: { field: expect.stringContaining("left out") },
    });
  });
});

describe("a running magnet", () => {
  /** The energy of a run, which ends each slice when its units are done. */
  async function energyOf(
    algorithm: Settings["algorithm"],
    states: number,
    temperature: number,
    slices: number,
  ) {
    const settings = { ...initial, algorithm, states, temperature, start: "ordered" } as const;
    await begin(settings);
    const record = new MagnetRecord();
    for (let k = 0; k < slices; k++) record.add(advance({ count: 2, temperature, budget: 1e9 }));
    return record.estimates(64 ** 2, temperature).energy;
  }

  test.each(["metropolis", "heat-bath", "wolff", "swendsen-wang"] as const)(
    "under %s has Kaufman's energy",
    async (algorithm) => {
      const energy = await energyOf(algorithm, 2, 2.5, 400);
      const exact = exactMagnet({ ...initial, temperature: 2.5 }).energy!;
      expect(Math.abs(energy.mean - exact)).toBeLessThan(5.2 * energy.standardError);
    },
  );

  test("of three states has the same energy under heat bath and under clusters", async () => {
    const [local, clusters] = [
      await energyOf("heat-bath", 3, 1.2, 60),
      await energyOf("swendsen-wang", 3, 1.2, 200),
    ];
    const error = Math.hypot(local.standardError, clusters.standardError);
    expect(error).toBeLessThan(0.02);
    expect(Math.abs(local.mean - clusters.mean)).toBeLessThan(4.89 * error);
  });

  test("shows one cell for each site of labels, and of spins the share that is up", async () => {
    const potts = await begin({ ...initial, states: 5, size: "64" });
    expect(potts.cells).toHaveLength(64 ** 2);
    expect(Math.max(...potts.cells)).toBe(4);
    const spins = await begin({ ...initial, size: "2048", start: "ordered" });
    expect(spins.across).toBe(1024);
    expect(new Set(spins.cells)).toEqual(new Set([255]));
  });
});

describe("the exact values beside a magnet", () => {
  test("are Onsager's and Kaufman's, and absent in a field", () => {
    const exact = exactMagnet({ ...initial, temperature: 2 });
    expect(exact.magnetization).toBeCloseTo(0.91132, 5);
    expect(exact.criticalTemperature).toBeCloseTo(onsager.criticalTemperature, 12);
    expect(exact.temperatures).toHaveLength(exact.energies.length);
    expect(exactMagnet({ ...initial, field: 0.5 })).toEqual({
      temperatures: [],
      magnetizations: [],
      energies: [],
    });
  });

  test("have curves that are computed once for all temperatures of a magnet", () => {
    const { energies } = exactMagnet({ ...initial, temperature: 2 });
    expect(exactMagnet({ ...initial, temperature: 3 }).energies).toBe(energies);
    expect(exactMagnet({ ...initial, field: 0.5 }).energies).not.toEqual(energies);
  });
});

describe("the visits of a 3 × 3 torus", () => {
  test.each(["metropolis", "heat-bath", "wolff", "swendsen-wang"] as const)(
    "by %s pass the χ² test",
    async (algorithm) => {
      const { z, visits: found, expected } = await visits({ algorithm, seed: 1, draws: 4000 });
      expect(z).toBeLessThan(4.9);
      expect(found.reduce((a, b) => a + b)).toBe(4000);
      expect(expected.reduce((a, b) => a + b)).toBeCloseTo(4000, 6);
    },
  );
});

describe("the sweeps that a lattice takes to forget", () => {
  const forget = (temperature: number, start: "ordered" | "random") =>
    sweepsToForget({ size: 256, temperature, start });

  test("are few in the heat, L² for domains, and about L^2.17 at the critical point", () => {
    expect(forget(4, "random")).toBeLessThan(10);
    expect(forget(1.5, "ordered")).toBeLessThan(10);
    expect(forget(1.5, "random")).toBe(256 ** 2);
    expect(forget(onsager.criticalTemperature, "ordered")).toBeCloseTo(256 ** 2.17, 6);
  });

  test("are given with one digit", () => {
    expect(roughly(168_000)).toBe("200,000");
  });
});
