import { expect, it } from "vitest";
import { chart } from "../../src/charts/chart.ts";
import { reliabilityChart } from "../../src/charts/reliability.ts";

it("a chart with a title is one SVG element, with the title in it", () => {
  const text = chart({ title: "Energies & more", marks: [] });
  expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(text).toMatch(/<text [^>]*>Energies &amp; more<\/text><\/svg>$/);
});

it("a reliability diagram is one SVG element", () => {
  const bins = [{ confidence: 0.5, accuracy: 0.4, count: 3 }];
  const found = { bins, expectedCalibrationError: 0.1 } as unknown as Parameters<typeof reliabilityChart>[0];
  expect(reliabilityChart(found)).toMatch(/^<svg [\s\S]*Expected calibration error 0\.1000<\/text><\/svg>$/);
});
