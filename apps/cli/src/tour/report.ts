import { type Figure, Page } from "../html/page.ts";

/** One row of the table of a section: a measured figure and, if it is known, the exact value. */
export interface Row {
  readonly quantity: string;
  readonly measured: string;
  readonly exact?: string;
  /** (measured − exact) / standard error. */
  readonly z?: number;
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

/** Returns the report as one HTML document without external files. */
export function renderReport(sections: readonly Section[], about: string): string {
  const page = new Page("Basin: the tour");
  const title = page.element("h1", {}, "Everything is an energy");
  const lead = page.element("p", { class: "lead" }, about);
  return page.render(
    page.element("header", {}, title, lead, page.contents(sections)),
    page.element("main", {}, ...sections.map((section) => sectionOf(page, section))),
  );
}

function sectionOf(page: Page, section: Section): HTMLElement {
  const { id, title, lead, rows, figures, method, command, seconds } = section;
  const parts: HTMLElement[] = [
    page.element("h2", {}, title),
    page.element("p", {}, lead),
    page.figures(figures),
    tableOf(page, rows),
    page.element("p", { class: "method" }, `${method} It took ${seconds.toFixed(1)} s.`),
  ];
  if (command) parts.push(page.element("pre", {}, page.element("code", {}, command)));
  return page.element("section", { id }, ...parts);
}

function tableOf(page: Page, rows: readonly Row[]): HTMLElement {
  const compared = rows.some((row) => row.exact !== undefined);
  return page.table(
    compared ? ["", "measured", "exact", "z"] : ["", "measured"],
    rows.map(({ quantity, measured, exact, z }) => [
      ...[quantity, measured],
      ...(compared ? [exact ?? "", z === undefined ? "" : z.toFixed(1)] : []),
    ]),
  );
}
