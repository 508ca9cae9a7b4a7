import { parseHTML } from "linkedom";
import { dataUrl } from "../pictures.ts";
import { STYLE } from "./style.ts";

/** One row of a section's table: a measured figure and, where there is one, the exact value beside it. */
export interface Row {
  readonly quantity: string;
  readonly measured: string;
  readonly exact?: string;
  /** (measured − exact) / standard error. */
  readonly z?: number;
}

/** A picture of a section: pixels, or a chart as SVG text, optionally drawn over pixels. */
export interface Figure {
  readonly caption: string;
  readonly png?: Uint8Array;
  readonly svg?: string;
  /** CSS width in pixels; narrower on narrow screens. */
  readonly width: number;
  /** Whether pixels keep hard edges when enlarged. Default false. */
  readonly pixelated?: boolean;
}

/** One part of the tour as the report shows it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly rows: readonly Row[];
  readonly figures: readonly Figure[];
  /** How the numbers and pictures were made, and what to try next. */
  readonly method: string;
  readonly command?: string;
  readonly seconds: number;
}

/** Returns the whole report as one HTML document that needs nothing beside it. */
export function renderReport(sections: readonly Section[], about: string): string {
  const { document } = parseHTML("<!doctype html><html lang='en'><head></head><body></body></html>");
  const page = new Page(document);
  document.head.append(
    page.element("meta", { charset: "utf-8" }),
    page.element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    page.element("title", {}, "Basin: the tour"),
    page.element("style", {}, STYLE),
  );
  document.body.append(
    page.element(
      "header",
      {},
      page.element("h1", {}, "Everything is an energy"),
      page.element("p", { class: "lead" }, about),
      page.contents(sections),
    ),
    page.element("main", {}, ...sections.map((section) => page.section(section))),
  );
  return `<!doctype html>\n${document.documentElement.outerHTML}\n`;
}

/** Builds elements; the DOM does the escaping. */
class Page {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  element(tag: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
    const element = this.#document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  contents(sections: readonly Section[]): HTMLElement {
    const links = sections.map(({ id, title }) => this.element("a", { href: `#${id}` }, title));
    return this.element("nav", { "aria-label": "Parts" }, ...links);
  }

  section({ id, title, lead, rows, figures, method, command, seconds }: Section): HTMLElement {
    const parts: HTMLElement[] = [
      this.element("h2", {}, title),
      this.element("p", {}, lead),
      this.element("div", { class: "figures" }, ...figures.map((figure) => this.figure(figure))),
      this.table(rows),
      this.element("p", { class: "method" }, `${method} It took ${seconds.toFixed(1)} s.`),
    ];
    if (command) parts.push(this.element("pre", {}, this.element("code", {}, command)));
    return this.element("section", { id }, ...parts);
  }

  table(rows: readonly Row[]): HTMLElement {
    const compared = rows.some((row) => row.exact !== undefined);
    const heads = compared ? ["", "measured", "exact", "z"] : ["", "measured"];
    const head = this.element("tr", {}, ...heads.map((text) => this.element("th", { scope: "col" }, text)));
    const body = rows.map(({ quantity, measured, exact, z }) => {
      const cells = [measured, ...(compared ? [exact ?? "", z === undefined ? "" : z.toFixed(1)] : [])];
      const name = this.element("th", { scope: "row" }, quantity);
      return this.element("tr", {}, name, ...cells.map((text) => this.element("td", {}, text)));
    });
    return this.element(
      "div",
      { class: "table" },
      this.element("table", {}, this.element("thead", {}, head), this.element("tbody", {}, ...body)),
    );
  }

  figure({ caption, png, svg, width, pixelated }: Figure): HTMLElement {
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
    const style = `width: min(100%, ${width}px)`;
    return this.element("figure", { style }, frame, this.element("figcaption", {}, caption));
  }
}
