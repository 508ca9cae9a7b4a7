import { InvalidArgumentError } from "commander";

/** Pixels per unit of a chart, so that text of 10 units is easy to read. */
const SCALE = 2;

/** Resolves to the library that draws SVG as pixels. @throws {InvalidArgumentError} if it is not installed. */
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
  // Its style sheets support neither `:where` nor `system-ui`.
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
