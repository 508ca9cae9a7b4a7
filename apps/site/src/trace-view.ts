/** A strip chart of the last measurements with the exact value across it. */
export class TraceView {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #low: number;
  readonly #high: number;

  constructor(canvas: HTMLCanvasElement, low: number, high: number) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d") as CanvasRenderingContext2D;
    this.#low = low;
    this.#high = high;
  }

  /** Draws the last measurements, newest at the right, and a dashed line at each exact value. */
  draw(values: readonly number[], exact: readonly number[]): void {
    const { width, height } = this.#fit();
    const context = this.#context;
    const style = getComputedStyle(this.#canvas);
    context.clearRect(0, 0, width, height);
    const y = (value: number) => 2 + ((this.#high - value) / (this.#high - this.#low)) * (height - 4);
    context.lineWidth = 1;
    context.setLineDash([4, 4]);
    context.strokeStyle = style.getPropertyValue("--accent");
    for (const value of exact) this.#line([0, width], [y(value), y(value)]);
    context.setLineDash([]);
    context.lineWidth = 1.5;
    context.strokeStyle = style.getPropertyValue("--ink");
    const shown = values.slice(-Math.floor(width));
    const x = shown.map((_, i) => width - shown.length + i + 1);
    this.#line(x, shown.map(y));
  }

  #line(x: readonly number[], y: readonly number[]): void {
    this.#context.beginPath();
    for (let i = 0; i < x.length; i++) this.#context.lineTo(x[i], y[i]);
    this.#context.stroke();
  }

  /** Gives the canvas as many pixels as the screen shows of it; returns its size in CSS pixels. */
  #fit(): { width: number; height: number } {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const ratio = devicePixelRatio;
    if (
      this.#canvas.width !== Math.round(width * ratio) ||
      this.#canvas.height !== Math.round(height * ratio)
    ) {
      this.#canvas.width = Math.round(width * ratio);
      this.#canvas.height = Math.round(height * ratio);
    }
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return { width, height };
  }
}
