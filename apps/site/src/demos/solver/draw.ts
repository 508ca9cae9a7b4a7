import { fit, resolved } from "../shared/plot.ts";
import { type Drawing, nearest } from "./places.ts";

const palette = ["--up", "--down", "--accent", "--third", "--fourth"] as const;

/** Draws a puzzle, and the choices of a state where there is one. */
export function drawPuzzle(canvas: HTMLCanvasElement, drawing: Drawing, choices?: Int32Array): void {
  const { context, width, height } = fit(canvas);
  const colors = palette.map((name) => resolved(canvas, name));
  const [ink, rule, panel] = ["--ink", "--edge", "--panel"].map((name) => resolved(canvas, name));
  const brush: Brush = {
    context,
    width,
    height,
    colors,
    ink,
    rule,
    panel,
    font: getComputedStyle(canvas).fontFamily,
  };
  if (drawing.kind === "map") drawMap(brush, drawing.sites, choices);
  else if (drawing.kind === "graph") drawGraph(brush, drawing, choices);
  else if (drawing.kind === "numbers") drawNumbers(brush, drawing.numbers, choices);
  else drawTable(brush, drawing, choices);
}

interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly colors: readonly string[];
  readonly ink: string;
  readonly rule: string;
  readonly panel: string;
  readonly font: string;
}

function drawMap(
  { context, width, height, colors, panel, ink }: Brush,
  sites: Float64Array,
  choices?: Int32Array,
): void {
  const step = 3;
  const [across, down] = [Math.ceil(width / step), Math.ceil(height / step)];
  const owners = Int32Array.from({ length: across * down }, (_, k) =>
    nearest(sites, ((k % across) + 0.5) / across, (Math.floor(k / across) + 0.5) / down),
  );
  for (let k = 0; k < owners.length; k++) {
    const [x, y] = [k % across, Math.floor(k / across)];
    const border =
      (x + 1 < across && owners[k + 1] !== owners[k]) || (y + 1 < down && owners[k + across] !== owners[k]);
    const color = choices?.[owners[k]] ?? -1;
    context.fillStyle = border ? ink : color < 0 ? panel : colors[color];
    context.fillRect(x * step, y * step, step, step);
  }
}

function drawGraph(
  { context, width, height, colors, rule, ink }: Brush,
  { places, edges }: { places: Float64Array; edges: Int32Array },
  choices?: Int32Array,
): void {
  const side = Math.min(width, height);
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  const at = (node: number) => [left + side * places[2 * node], top + side * places[2 * node + 1]] as const;
  for (let e = 0; e < edges.length; e += 2) {
    const cut = choices !== undefined && choices[edges[e]] !== choices[edges[e + 1]];
    context.strokeStyle = cut ? colors[2] : rule;
    context.globalAlpha = cut ? 0.9 : 0.35;
    context.lineWidth = cut ? 1.5 : 1;
    context.beginPath();
    context.moveTo(...at(edges[e]));
    context.lineTo(...at(edges[e + 1]));
    context.stroke();
  }
  context.globalAlpha = 1;
  context.strokeStyle = ink;
  const radius = Math.max(3, Math.min(9, side / places.length));
  for (let node = 0; node < places.length / 2; node++) {
    context.fillStyle = colors[choices?.[node] ?? 1];
    context.beginPath();
    context.arc(...at(node), radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function drawNumbers(
  { context, width, height, colors, panel, ink, font }: Brush,
  numbers: Int32Array,
  choices?: Int32Array,
): void {
  const total = numbers.reduce((a, b) => a + b, 0);
  const sums = [0, 0];
  const tops = [height - 30, height - 30];
  const bar = width / 3;
  for (const [k, number] of numbers.entries()) {
    const side = choices?.[k] ?? k % 2;
    const tall = (number / total) * (height - 60) * 1.6;
    tops[side] -= tall;
    sums[side] += number;
    context.fillStyle = colors[side];
    context.fillRect((0.12 + 0.44 * side) * width, tops[side], bar, tall);
    context.strokeStyle = panel;
    context.strokeRect((0.12 + 0.44 * side) * width, tops[side], bar, tall);
  }
  context.fillStyle = ink;
  context.font = `15px ${font}`;
  context.textAlign = "center";
  for (const side of [0, 1])
    context.fillText(`Σ = ${sums[side]}`, (0.12 + 0.44 * side) * width + bar / 2, height - 8);
}

function drawTable(
  { context, width, height, colors, rule, panel, ink, font }: Brush,
  { costs, side }: { costs: Int32Array; side: number },
  choices?: Int32Array,
): void {
  const [cell, line] = [(width - 90) / side, (height - 40) / (side + 1)];
  context.font = `14px ${font}`;
  context.textBaseline = "middle";
  for (let lesson = 0; lesson < side; lesson++) {
    const y = line * (lesson + 1) + 10;
    context.fillStyle = ink;
    context.textAlign = "left";
    context.fillText(`Lesson ${lesson + 1}`, 4, y + line / 2);
    context.textAlign = "center";
    for (let slot = 0; slot < side; slot++) {
      const x = 80 + cell * slot;
      const chosen = choices?.[lesson] === slot;
      context.fillStyle = chosen ? colors[0] : panel;
      context.fillRect(x + 2, y + 2, cell - 4, line - 4);
      context.strokeStyle = rule;
      context.strokeRect(x + 2, y + 2, cell - 4, line - 4);
      context.fillStyle = chosen ? panel : ink;
      context.fillText(String(costs[lesson * side + slot]), x + cell / 2, y + line / 2);
      if (lesson > 0) continue;
      context.fillStyle = ink;
      context.fillText(`Slot ${slot + 1}`, x + cell / 2, line / 2 + 10);
    }
  }
  context.textBaseline = "alphabetic";
}
