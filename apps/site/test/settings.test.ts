import { onsager } from "@basin/ising";
import { describe, expect, test } from "vitest";
import { defaults, fragmentOf, settingsFrom } from "../src/settings.ts";
import { roughly, sweepsToForget } from "../src/settling.ts";

describe("settings in the address", () => {
  test("are read back as they were written", () => {
    const settings = {
      ...defaults,
      temperature: 1.75,
      size: 64,
      algorithm: "wolff",
      start: "ordered",
      seed: 9,
    } as const;
    expect(settingsFrom(fragmentOf(settings))).toEqual(settings);
  });

  test("fall back to the defaults, part by part, where they are wrong", () => {
    expect(settingsFrom("")).toEqual(defaults);
    expect(settingsFrom("#temperature=99&size=3&algorithm=annealing&seed=1.5&speed=-1")).toEqual(defaults);
    expect(settingsFrom("#temperature=3&size=65")).toEqual({ ...defaults, temperature: 3 });
  });
});

describe("the sweeps that a lattice takes to forget", () => {
  const forget = (temperature: number, start: "ordered" | "random") =>
    sweepsToForget({ ...defaults, size: 256, temperature, start });

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
