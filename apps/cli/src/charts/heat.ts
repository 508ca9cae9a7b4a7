import type * as Plot from "@observablehq/plot";
import { dataUrl, heatMap } from "../pictures.ts";
import { chart } from "./chart.ts";
import { panels } from "./panels.ts";

/** Titles and axes of a heat map. */
export interface HeatOptions {
  readonly title: string;
  readonly x: { readonly label: string; readonly domain: readonly [number, number] };
  readonly y: { readonly label: string; readonly domain: readonly [number, number] };
  /** Title of the colors. */
  readonly value: string;
  readonly low: number;
  readonly high: number;
}

const SIZE = 420;
const BAR = 96;

/** Returns values, row by row from the top, as SVG: colors with axes, and a color bar. */
export function heatChart(values: ArrayLike<number>, columns: number, options: HeatOptions): string {
  const { title, x, y, value, low, high } = options;
  const margins = { marginTop: 20, marginBottom: 36 };
  const map = chart({
    ...{ ...margins, title, width: SIZE, height: SIZE, marginLeft: 56, marginRight: 12 },
    x: { ...x, domain: [...x.domain] },
    y: { ...y, domain: [...y.domain] },
    marks: [image(heatMap(values, columns, low, high))],
  });
  const scale = Float64Array.from({ length: 256 }, (_, k) => high - ((high - low) * k) / 255);
  const bar = chart({
    ...{ ...margins, title: " ", width: BAR, height: SIZE, marginLeft: 12, marginRight: 56 },
    x: { axis: null, domain: [0, 1] },
    y: { label: value, axis: "right", domain: [low, high === low ? low + 1 : high] },
    marks: [image(heatMap(scale, 1, low, high))],
  });
  return panels([map, bar], 2);
}

/** A picture that fills the frame. */
function image(png: Uint8Array): Plot.Markish {
  return (_index, _scales, _values, { width, height, ...margin }, { document }) => {
    const found = document.createElementNS("http://www.w3.org/2000/svg", "image") as SVGElement;
    const attributes = {
      ...{ href: dataUrl(png), x: margin.marginLeft, y: margin.marginTop, preserveAspectRatio: "none" },
      width: width - margin.marginLeft - margin.marginRight,
      height: height - margin.marginTop - margin.marginBottom,
      ...{ "image-rendering": "optimizeSpeed", style: "image-rendering: pixelated" },
    };
    for (const [name, given] of Object.entries(attributes)) found.setAttribute(name, String(given));
    return found;
  };
}
