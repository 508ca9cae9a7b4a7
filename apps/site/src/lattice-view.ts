import type { LiveLattice } from "@basin/ising";

/** Paints spins, one pixel each, in the two colors that the style sheet names. */
export class LatticeView {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #image: ImageData;
  #pixels: Uint32Array;
  #up = 0;
  #down = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
    this.#image = this.#context.createImageData(1, 1);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.readColors();
  }

  /** Reads the colors anew, after the color scheme changed. */
  readColors(): void {
    this.#up = this.#packed("--up");
    this.#down = this.#packed("--down");
  }

  /** Draws a square lattice. */
  paint(lattice: LiveLattice): void {
    const size = Math.sqrt(lattice.model.variables);
    if (this.#image.width !== size) {
      this.#canvas.width = size;
      this.#canvas.height = size;
      this.#image = this.#context.createImageData(size, size);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    lattice.pixels(this.#pixels, this.#up, this.#down);
    this.#context.putImageData(this.#image, 0, 0);
  }

  describe(text: string): void {
    this.#canvas.setAttribute("aria-label", text);
  }

  /** Returns a color of the style sheet as the 32 bits of a pixel, by painting one. */
  #packed(property: string): number {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("this browser paints no pixels");
    context.fillStyle = getComputedStyle(this.#canvas).getPropertyValue(property);
    context.fillRect(0, 0, 1, 1);
    return new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0];
  }
}
