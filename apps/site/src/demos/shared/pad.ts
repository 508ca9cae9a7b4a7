import { digitSide as side } from "./digits.ts";
import { el } from "./dom.ts";

/** The colors of a picture: of −1 and of +1, as red, green and blue. */
export type Inks = readonly [ground: readonly number[], ink: readonly number[]];

/** Paints values from −1 to 1, a pixel each, row by row. */
export function paintValues(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  width: number,
  [ground, ink]: Inks,
): ImageData {
  const height = values.length / width;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(width, height);
  for (let k = 0; k < values.length; k++) {
    const share = (Math.max(-1, Math.min(1, values[k])) + 1) / 2;
    for (let c = 0; c < 3; c++) image.data[4 * k + c] = ground[c] + share * (ink[c] - ground[c]);
    image.data[4 * k + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return image;
}

/** A picture of 28 × 28 values that is drawn on by pointer, or by arrow keys and the space bar. */
export class Pad {
  readonly canvas = el("canvas", { class: "square pixels", tabindex: 0, role: "application" });
  readonly values = new Float64Array(side ** 2).fill(-1);
  /** Radius of the brush in pixels. */
  radius = 1.1;
  readonly #name: string;
  readonly #drawn: () => void;
  readonly #inks: () => Inks;
  #value = 1;
  #cursor: [x: number, y: number] | undefined;

  constructor(name: string, inks: () => Inks, drawn: () => void) {
    this.#name = name;
    this.#inks = inks;
    this.#drawn = drawn;
    this.describe("");
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      const [x, y] = this.#placeOf(event);
      // A stroke turns over what it begins on.
      this.#value = this.values[y * side + x] > 0 ? -1 : 1;
      this.#stroke(x, y);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.canvas.hasPointerCapture(event.pointerId)) this.#stroke(...this.#placeOf(event));
    });
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.canvas.addEventListener("blur", () => {
      this.#cursor = undefined;
      this.paint();
    });
  }

  set(values: ArrayLike<number>): void {
    this.values.set(values);
    this.paint();
  }

  /** Says what the picture shows to those who do not see it. */
  describe(what: string): void {
    const label = `${this.#name}${what && `: ${what}`}. Draw with the pointer, or with the arrow keys and the space bar.`;
    if (this.canvas.getAttribute("aria-label") !== label) this.canvas.setAttribute("aria-label", label);
  }

  paint(): void {
    paintValues(this.canvas, this.values, side, this.#inks());
    if (this.#cursor === undefined) return;
    const context = this.canvas.getContext("2d")!;
    context.fillStyle = "rgb(200 80 40 / 0.8)";
    context.fillRect(...this.#cursor, 1, 1);
  }

  #placeOf(event: PointerEvent): [x: number, y: number] {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const place = (share: number) => Math.max(0, Math.min(side - 1, Math.floor(share * side)));
    return [place((event.clientX - left) / width), place((event.clientY - top) / height)];
  }

  #stroke(x: number, y: number): void {
    const reach = Math.ceil(this.radius);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const [px, py] = [x + dx, y + dy];
        const inside = px >= 0 && py >= 0 && px < side && py < side;
        if (inside && Math.hypot(dx, dy) <= this.radius) this.values[py * side + px] = this.#value;
      }
    }
    this.paint();
    this.#drawn();
  }

  #key(event: KeyboardEvent): void {
    const steps: Record<string, readonly [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    this.#cursor ??= [side / 2, side / 2];
    const [x, y] = this.#cursor;
    const step = steps[event.key];
    if (step === undefined && event.key !== " ") return;
    event.preventDefault();
    if (step === undefined) {
      this.#value = this.values[y * side + x] > 0 ? -1 : 1;
      this.#stroke(x, y);
      return;
    }
    const clamp = (place: number) => Math.max(0, Math.min(side - 1, place));
    this.#cursor = [clamp(x + step[0]), clamp(y + step[1])];
    this.paint();
  }
}
