import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Height of the title of a chart. */
const TITLE = 26;

/**
 * Returns a chart as the text of one SVG element, with its title above. Lines and text have `currentColor`, so that the
 * chart follows the light or dark theme of a page.
 */
export function chart({ title, ...options }: Plot.PlotOptions & { readonly title?: string }): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const style = {
    background: "none",
    overflow: "visible",
    fontFamily: "system-ui, sans-serif",
    fontSize: "11px",
  };
  // Plot puts a chart with a title into a figure element, which is not SVG.
  const svg = Plot.plot({ style, ...options, document: document as unknown as Document });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  if (title !== undefined) {
    const [width, height] = ["width", "height"].map((side) => Number(svg.getAttribute(side)));
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    const place = { x: "8", y: "-8", fill: "currentColor", "text-anchor": "start", "font-weight": "bold" };
    for (const [name, value] of Object.entries(place)) text.setAttribute(name, value);
    text.setAttribute("font-size", "12");
    text.textContent = title;
    svg.append(text);
    svg.setAttribute("viewBox", `0 ${-TITLE} ${width} ${height + TITLE}`);
    svg.setAttribute("height", String(height + TITLE));
  }
  // The style sheet of Plot paints white halos; here the page sets the background.
  return svg.outerHTML.replaceAll("--plot-background: white", "--plot-background: transparent");
}

/** Returns 256 RGB triples of a named color scheme of Plot, dark to light or end to end. */
export function colorTable(scheme: Plot.ColorScheme): Uint8Array {
  const scale = Plot.scale({ color: { type: "linear", scheme, domain: [0, 255] } });
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) table.set(parseColor(scale.apply(i) as string), 3 * i);
  return table;
}

function parseColor(text: string): [number, number, number] {
  const hex = /^#(..)(..)(..)$/.exec(text);
  if (hex) return [1, 2, 3].map((group) => Number.parseInt(hex[group], 16)) as [number, number, number];
  const channels = text.match(/\d+(\.\d+)?/g);
  if (!channels || channels.length < 3) throw new Error(`cannot read the color ${text}`);
  return channels.slice(0, 3).map(Number) as [number, number, number];
}
