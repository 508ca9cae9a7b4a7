import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, expect, it } from "vitest";
import { chart } from "../../src/charts/chart.ts";
import { panels } from "../../src/charts/panels.ts";
import { rasterize } from "../../src/charts/raster.ts";
import { basin } from "../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-plots-"));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [
    "ising simulate --size 4 --temperature 2 --sweeps 200",
    ["Energy at T = 2", "energy per spin", "sweep after the warm-up", "Magnetization", "measurements"],
  ],
  [
    "ising scan --sizes 4,8 --temperatures 2,2.4 --sweeps 100",
    ["Specific heat per spin", "in units of J", "L = 8"],
  ],
  [
    "ising temper --size 4 --temperatures 1,2 --sweeps 100 --disorder gaussian",
    ["Energy per site", "Overlap of two replicas", "temperature T"],
  ],
  [
    "potts scan --states 3 --sizes 4,8 --temperatures 0.9,1.1 --draws 50",
    ["Order parameter", "temperature T", "L = 8"],
  ],
  [
    "hopfield capacity --neurons 50 --networks 2 --probes 2 --loads 0.05,0.1",
    ["Overlap after recall", "load P/N"],
  ],
  [
    "hopfield landscape --neurons 32 --count 2 --resolution 5",
    ["Energy between patterns 0 and 1", "coordinate along pattern 1", ">energy ↑<", "data:image/png"],
  ],
])(
  "%s draws one SVG with a title, its axes and what its colors are, and the same as pixels",
  async (line, texts) => {
    const [svg, png] = ["svg", "png"].map((ending) => join(folder, `${line.replace(/ .*/, "")}.${ending}`));
    for (const file of [svg, png])
      expect(await basin(...line.split(" "), "--seed", "1", "--plot", file)).toMatchObject({ code: 0 });
    const drawn = readFileSync(svg, "utf8");
    expect(drawn).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
    for (const text of texts) expect(drawn).toContain(text);
    const [, width, height] = /viewBox="0 -?\d+ ([\d.]+) ([\d.]+)"/.exec(drawn) as RegExpExecArray;
    expect(decode(readFileSync(png))).toMatchObject({ width: 2 * Number(width), height: 2 * Number(height) });
  },
);

it("a chart of another ending is refused before the work", async () => {
  const file = join(folder, "chart.jpg");
  const words = ["ising", "simulate", "--size", "4", "--temperature", "2", "--sweeps", "1000000000"];
  const { code, stderr } = await basin(...words, "--plot", file);
  expect([code, stderr]).toEqual([2, expect.stringContaining("Expected a name that ends in .svg or .png.")]);
  expect(existsSync(file)).toBe(false);
});

it("panels stand beside and below each other, none over another", () => {
  const charts = [100, 50, 80].map((width) => chart({ width, height: 40, marks: [] }));
  const text = panels(charts, 2);
  expect([...text.matchAll(/<svg x="(\d+)" y="(\d+)"/g)].map(([, x, y]) => [x, y])).toEqual([
    ["0", "0"],
    ["100", "0"],
    ["0", "40"],
  ]);
  expect(text).toMatch(/^<svg [^>]*viewBox="0 0 150 80"/);
});

it("pixels show what a chart draws: ink where a bar stands, white elsewhere, text above", async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" viewBox="0 0 60 40">';
  const text = '<text x="2" y="14" font-size="12" font-family="sans-serif" fill="currentColor">title</text>';
  const { data, width, channels } = decode(
    await rasterize(`${svg}${text}<rect x="30" y="20" width="20" height="10" fill="#ff0000"/></svg>`),
  );
  const pixel = (x: number, y: number) => [
    ...data.slice((y * width + x) * channels, (y * width + x) * channels + 3),
  ];
  expect([pixel(80, 50), pixel(10, 70)]).toEqual([
    [255, 0, 0],
    [255, 255, 255],
  ]);
  const dark = Array.from({ length: 80 * 30 }, (_, k) => pixel(k % 80, Math.floor(k / 80))).filter(
    ([r]) => r < 100,
  );
  expect(dark.length).toBeGreaterThan(50);
});
