import { Controls } from "../demos/shared/controls.ts";
import { button, el, sheet } from "../demos/shared/dom.ts";
import { readSettings, type Schema, type Values } from "../demos/shared/settings.ts";
import { onLook, theme } from "../demos/shared/theme.ts";

/** What a figure is made of. */
export interface FigurePlan<S extends Schema> {
  readonly schema: S;
  /** What buttons say, and what they do. */
  readonly buttons?: Readonly<Record<string, () => void>>;
  /** What the colors of the theme mean, under the picture. */
  readonly keys?: Readonly<Record<string, string>>;
  /** CSS height of the picture. Default 16rem. */
  readonly height?: string;
}

const layout = sheet(`
@container (min-width: 46rem) { .demo { grid-template-areas: "stage side"; } }
`);

/**
 * A small figure of a page as a custom element: a picture, a few settings with their first values from attributes,
 * buttons, and a line that says what is seen. It computes in the page and is painted only when something changes; what
 * the page wrote inside it stands below.
 */
export abstract class Figure<S extends Schema> extends HTMLElement {
  protected readonly canvas = el("canvas", { role: "img" });
  protected settings!: Values<S>;
  readonly #words = el("p", { class: "status", role: "status" });
  #look: { stop: () => void } | undefined;

  connectedCallback(): void {
    if (this.shadowRoot === null) this.#build(this.plan());
    const repaint = () => this.isConnected && this.paint();
    this.#look = onLook(repaint);
    this.begin();
    requestAnimationFrame(repaint);
  }

  disconnectedCallback(): void {
    this.#look?.stop();
  }

  #build({ schema, buttons = {}, keys = {}, height = "16rem" }: FigurePlan<S>): void {
    this.canvas.style.height = height;
    this.settings = readSettings(schema, (name) => this.getAttribute(name));
    const controls = new Controls(schema, this.settings, () => {
      this.changed();
      this.paint();
    });
    const pressed = Object.entries(buttons).map(([text, press]) => button(text, press));
    const side = el("div", { class: "side" }, controls.form);
    if (pressed.length > 0) side.prepend(el("div", { class: "buttons" }, ...pressed));
    const legend = Object.entries(keys).map(([color, text]) => el("span", { class: `key ${color}` }, text));
    const caption = el("figcaption", {}, el("div", { class: "caption" }, ...legend), this.#words);
    const stage = el("figure", { class: "stage" }, this.canvas, caption);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [theme, layout];
    root.append(el("div", { class: "demo" }, stage, side), el("slot"));
    this.canvas.addEventListener("pointerdown", (event) => {
      const { width, height } = this.canvas.getBoundingClientRect();
      if (!this.pointed(event.offsetX / width, event.offsetY / height)) return;
      controls.show(this.settings);
      this.paint();
    });
  }

  protected abstract plan(): FigurePlan<S>;
  /** Paints all under the settings. */
  protected abstract paint(): void;
  /** Makes what the figure holds besides its settings. */
  protected begin(): void {}
  /** A reader changed a setting. */
  protected changed(): void {}
  /** A reader pointed into the picture, at shares of its width and height; says whether that changed a setting. */
  protected pointed(_across: number, _down: number): boolean {
    return false;
  }

  /** Says in words what the picture shows. */
  protected say(words: string): void {
    this.#words.textContent = words;
    this.canvas.setAttribute("aria-label", words);
  }
}
