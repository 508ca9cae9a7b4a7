/** Returns several charts as one SVG, side by side in rows of at most `columns`. */
export function panels(charts: readonly string[], columns = 1): string {
  if (charts.length === 1) return charts[0];
  const sizes = charts.map((svg) => ({ width: sizeOf(svg, "width"), height: sizeOf(svg, "height") }));
  const rows = Array.from({ length: Math.ceil(charts.length / columns) }, (_, k) =>
    sizes.slice(k * columns, (k + 1) * columns),
  );
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)));
  const width = Math.max(...rows.map((row) => row.reduce((sum, each) => sum + each.width, 0)));
  const height = heights.reduce((sum, each) => sum + each, 0);
  const placed = charts.map((svg, k) => {
    const row = Math.floor(k / columns);
    const x = rows[row].slice(0, k % columns).reduce((sum, each) => sum + each.width, 0);
    const y = heights.slice(0, row).reduce((sum, each) => sum + each, 0);
    return svg.replace(/^<svg /, `<svg x="${x}" y="${y}" `);
  });
  const box = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${placed.join("")}</svg>`;
}

function sizeOf(svg: string, side: "width" | "height"): number {
  return Number(new RegExp(`^<svg [^>]*\\b${side}="([\\d.]+)"`).exec(svg)?.[1]);
}
