import { InvalidArgumentError } from "commander";

/** Pixels to a unit of a chart: text of 10 units is read without effort. */
const SCALE = 2;

/** Resolves to what draws SVG as pixels. @throws {InvalidArgumentError} where that is not installed. */
export async function loadRaster(): Promise<typeof import("@resvg/resvg-js")> {
  try {
    return await import("@resvg/resvg-js");
  } catch {
    throw new InvalidArgumentError(
      "A chart as PNG needs the package @resvg/resvg-js: install it beside Basin, or name a file that ends in .svg.",
    );
  }
}

/** Resolves to a chart as PNG bytes, black on white. */
export async function rasterize(svg: string): Promise<Uint8Array> {
  const { Resvg } = await loadRaster();
  // Its style sheets know neither `:where` nor the fonts of a system's interface.
  const plain = svg
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replaceAll("system-ui, sans-serif", "sans-serif")
    .replace(/^<svg /, '<svg color="#1c2430" ');
  const options = {
    background: "white",
    fitTo: { mode: "zoom", value: SCALE },
    font: { loadSystemFonts: true, sansSerifFamily: "DejaVu Sans", defaultFontFamily: "DejaVu Sans" },
  } as const;
  return new Resvg(plain, options).render().asPng();
}
