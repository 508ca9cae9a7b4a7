import { parseHTML } from "linkedom";
import { dataUrl } from "../pictures.ts";
import { STYLE } from "./style.ts";

/** A picture on a page: pixels, or a chart as SVG text, optionally drawn over pixels. */
export interface Figure {
  readonly caption: string;
  readonly png?: Uint8Array;
  readonly svg?: string;
  /** CSS width in pixels; narrower on narrow screens. */
  readonly width: number;
  /** Whether pixels keep hard edges when enlarged. Default false. */
  readonly pixelated?: boolean;
  /** Whether the caption is for those who cannot see the picture alone. Default false. */
  readonly untold?: boolean;
  /** Further CSS. */
  readonly style?: string;
}

/** One HTML document without external files. Builds elements; the DOM does the escaping. */
export class Page {
  readonly #document: Document;

  /** `look` is a class of the whole page. */
  constructor(title: string, look = "") {
    this.#document = parseHTML("<!doctype html><html lang='en'><head></head><body></body></html>").document;
    this.#document.body.className = look;
    this.#document.head.append(
      this.element("meta", { charset: "utf-8" }),
      this.element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      this.element("title", {}, title),
      this.element("style", {}, STYLE),
    );
  }

  /** Returns the document whose body has these parts. */
  render(...parts: HTMLElement[]): string {
    this.#document.body.append(...parts);
    return `<!doctype html>\n${this.#document.documentElement.outerHTML}\n`;
  }

  element(tag: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
    const element = this.#document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  contents(sections: readonly { readonly id: string; readonly title: string }[]): HTMLElement {
    const links = sections.map(({ id, title }) => this.element("a", { href: `#${id}` }, title));
    return this.element("nav", { "aria-label": "Parts" }, ...links);
  }

  /**
   * Returns a table with a heading. The first cell of a row is its name. `look` is a class of the table; `alarm` tells
   * which cells are marked.
   */
  table(
    head: readonly string[],
    rows: readonly (readonly string[])[],
    look = "",
    alarm: (row: string, column: string) => boolean = () => false,
  ): HTMLElement {
    const heading = this.element("tr", {}, ...head.map((text) => this.element("th", { scope: "col" }, text)));
    const body = rows.map(([name, ...cells]) =>
      this.element(
        "tr",
        {},
        this.element("th", { scope: "row" }, name),
        ...cells.map((text, k) =>
          this.element("td", alarm(name, head[k + 1]) ? { class: "alarm" } : {}, text),
        ),
      ),
    );
    const parts = [this.element("thead", {}, heading), this.element("tbody", {}, ...body)];
    return this.element("div", { class: "table" }, this.element("table", { class: look }, ...parts));
  }

  figures(figures: readonly Figure[], attributes: Record<string, string> = {}): HTMLElement {
    return this.element(
      "div",
      { class: "figures", ...attributes },
      ...figures.map((figure) => this.#figure(figure)),
    );
  }

  #figure({ caption, png, svg, width, pixelated, untold, style }: Figure): HTMLElement {
    const frame = this.element("div", { class: "frame" });
    if (png) {
      const look = pixelated ? "image-rendering: pixelated" : "";
      frame.append(this.element("img", { src: dataUrl(png), alt: caption, style: look }));
    }
    if (svg) {
      const layer = this.element("div", {
        class: png ? "overlay" : "chart",
        role: "img",
        "aria-label": caption,
      });
      layer.innerHTML = svg;
      frame.append(layer);
    }
    const told = untold ? [] : [this.element("figcaption", {}, caption)];
    const css = `width: min(100%, ${width}px)${style === undefined ? "" : `; ${style}`}`;
    return this.element("figure", { style: css }, frame, ...told);
  }
}
