import type { CapacityPoint } from "@basin/hopfield";

/**
 * Returns the figures as SVG: the retrieval map if loads and noises both vary, otherwise the overlap against the load.
 */
export async function drawCapacity(curve: readonly CapacityPoint[]): Promise<string> {
  const several = (values: number[]) => new Set(values).size > 1;
  const map = several(curve.map(({ load }) => load)) && several(curve.map(({ noise }) => noise));
  return map ? drawMap(curve) : drawCurves(curve);
}

async function drawMap(curve: readonly CapacityPoint[]): Promise<string> {
  const [{ chart }, Plot, { hebbianBasin }] = await Promise.all([
    import("./chart.ts"),
    import("@observablehq/plot"),
    import("@basin/hopfield"),
  ]);
  const across = edges(curve.map(({ load }) => load));
  const up = edges(curve.map(({ noise }) => noise));
  const cells = curve.map(({ rule, load, noise, overlap }) => {
    const [x1, x2] = across(load);
    const [y1, y2] = up(noise);
    return { rule, x1, x2, y1, y2, overlap: overlap.mean };
  });
  const [low, high] = [Math.min(...cells.map(({ x1 }) => x1)), Math.max(...cells.map(({ x2 }) => x2))];
  const top = Math.max(...cells.map(({ y2 }) => y2));
  const border = curve.some(({ rule }) => rule === "hebbian")
    ? Array.from({ length: 101 }, (_, k) => low + (k / 100) * (high - low))
        .map((load) => ({ rule: "hebbian", load, noise: Math.min(top, hebbianBasin(load)) }))
        .filter(({ noise }) => noise > 0)
    : [];
  const rules = new Set(curve.map(({ rule }) => rule)).size;
  return chart({
    title: "Overlap after recall, by load and noise",
    width: 120 + 300 * rules,
    height: 380,
    marginTop: 48,
    marginBottom: 40,
    color: { type: "linear", scheme: "viridis", domain: [0, 1], legend: false },
    x: {
      label: `load P/N. Color: overlap after recall, dark 0 to light 1${border.length ? "; dashed: theory for large N" : ""}`,
      domain: [low, high],
    },
    y: { label: "share of flipped bits", domain: [0, top] },
    fx: { label: null },
    marks: [
      Plot.rect(cells, { fx: "rule", x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "overlap", inset: 0 }),
      Plot.line(border, { fx: "rule", x: "load", y: "noise", stroke: "white", strokeDasharray: "4 3" }),
    ],
  });
}

/** Returns for each value the midpoints to its neighbors, so that cells tile the axis; never below 0. */
function edges(values: readonly number[]): (value: number) => readonly [number, number] {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const middle = (k: number) => 0.5 * (sorted[k] + sorted[k + 1]);
  return (value) => {
    const k = sorted.indexOf(value);
    const last = sorted.length - 1;
    const low = k > 0 ? middle(k - 1) : Math.max(0, value - (middle(0) - value));
    return [low, k < last ? middle(k) : value + (value - middle(last - 1))];
  };
}

async function drawCurves(curve: readonly CapacityPoint[]): Promise<string> {
  const [{ curvesChart }, Plot] = await Promise.all([import("./curves.ts"), import("@observablehq/plot")]);
  const points = curve.map(({ rule, load, noise, overlap }) => ({
    ...{ x: load, ...overlap, series: noise > 0 ? `${rule}, ${noise} flipped` : rule },
  }));
  const expected = curve.filter(({ theory }) => theory !== undefined);
  return curvesChart(points, {
    ...{
      title: `Overlap after recall${expected.length > 0 ? "; dashed: theory for large N" : ""}`,
      height: 360,
    },
    ...{ x: "load P/N", y: "overlap", yDomain: [0, 1] },
    marks: [Plot.line(expected, { x: "load", y: "theory", strokeDasharray: "4 3" })],
  });
}
