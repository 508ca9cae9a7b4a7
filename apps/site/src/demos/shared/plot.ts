/** The lengths of a canvas in CSS pixels, given as many pixels as the screen shows of it. */
export function fit(canvas: HTMLCanvasElement): {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
} {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d")!;
  const [columns, rows] = [width, height].map((length) => Math.max(1, Math.round(length * devicePixelRatio)));
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
  }
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** A line, or points with errors, of a plot. */
export interface Trace {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** A custom property of the theme. */
  readonly color: string;
  readonly style?: "line" | "dashed" | "points";
  readonly errors?: ArrayLike<number>;
}

const margin = { left: 38, right: 18, top: 8, bottom: 20 };

/** Draws traces over axes with a few ticks. `ranges` are the limits [x low, x high, y low, y high]. */
export function plot(
  canvas: HTMLCanvasElement,
  traces: readonly Trace[],
  [left, right, low, high]: readonly [number, number, number, number],
): void {
  const { context, width, height } = fit(canvas);
  const style = getComputedStyle(canvas);
  const paint = (property: string) => resolved(canvas, property);
  const x = (value: number) =>
    margin.left + ((value - left) / (right - left)) * (width - margin.left - margin.right);
  const y = (value: number) =>
    margin.top + ((high - value) / (high - low)) * (height - margin.top - margin.bottom);
  context.font = `12px ${style.fontFamily}`;
  context.fillStyle = paint("--quiet");
  context.strokeStyle = paint("--rule");
  context.lineWidth = 1;
  for (const tick of ticks(low, high)) {
    context.textAlign = "right";
    context.fillText(label(tick), margin.left - 6, y(tick) + 4);
    line(context, [margin.left, width - margin.right], [y(tick), y(tick)]);
  }
  for (const tick of ticks(left, right)) {
    context.textAlign = "center";
    context.fillText(label(tick), x(tick), height - 5);
  }
  for (const trace of traces) {
    context.strokeStyle = context.fillStyle = paint(trace.color);
    const [xs, ys] = [Array.from(trace.x, x), Array.from(trace.y, y)];
    if (trace.style === "points") {
      for (let k = 0; k < xs.length; k++) point(context, xs[k], ys[k], y(0) - y(trace.errors?.[k] ?? 0));
      continue;
    }
    context.lineWidth = trace.style === "dashed" ? 1.25 : 1.75;
    context.setLineDash(trace.style === "dashed" ? [4, 4] : []);
    line(context, xs, ys);
    context.setLineDash([]);
  }
}

/** Returns a color of the theme as the browser resolves it where an element stands. */
export function resolved(element: HTMLElement, property: string): string {
  const before = element.style.color;
  element.style.color = `var(${property})`;
  const { color } = getComputedStyle(element);
  element.style.color = before;
  return color;
}

function line(context: CanvasRenderingContext2D, x: readonly number[], y: readonly number[]): void {
  context.beginPath();
  for (let k = 0; k < x.length; k++) {
    if (Number.isFinite(y[k])) context.lineTo(x[k], y[k]);
  }
  context.stroke();
}

function point(context: CanvasRenderingContext2D, x: number, y: number, error: number): void {
  context.lineWidth = 1.5;
  if (error > 0) line(context, [x, x], [y - error, y + error]);
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fill();
}

/** Returns three to six round numbers in a range. */
function ticks(low: number, high: number): number[] {
  if (!(high > low)) return [];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

function label(value: number): string {
  return String(Number(value.toPrecision(6))).replace("-", "−");
}
