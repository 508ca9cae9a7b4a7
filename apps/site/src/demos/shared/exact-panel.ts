import { el, fixed, withError } from "./dom.ts";

/** A quantity as it was measured, beside what it is. */
export interface Comparison {
  readonly name: string;
  /** What the name stands for, for screen readers and on hover. */
  readonly meaning: string;
  readonly measured: { readonly mean: number; readonly standardError: number };
  /** Absent where no exact value is known. */
  readonly exact?: number;
}

/** Standard errors that two of a few honest comparisons in ten thousand exceed. */
const limit = 4;

/** Returns how many standard errors a measurement is from the exact value; NaN without an error or a value. */
function zOf({ measured, exact = Number.NaN }: Comparison): number {
  const distance = measured.mean - exact;
  if (measured.standardError === 0 && Math.abs(distance) < 1e-9) return 0;
  return distance / measured.standardError;
}

/** The panel of a demo that holds its numbers against exact ones. */
export class ExactPanel {
  readonly element = el("section", { "aria-label": "Checked against the exact answer" });
  readonly #body = el("tbody");
  readonly #verdict = el("p", { class: "verdict", role: "status" });
  readonly #note = el("p", { class: "note" });

  constructor(quantity: string, title = "Measured, and exact") {
    const head = [quantity, "measured", "exact", "z"].map((text) => el("th", { scope: "col" }, text));
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...head)), this.#body);
    const scroll = el(
      "div",
      { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table of comparisons" },
      table,
    );
    this.element.append(el("h2", {}, title), scroll, this.#verdict, this.#note);
  }

  /** Shows comparisons; `pending` says why no verdict is given yet. */
  show(rows: readonly Comparison[], note: string, pending = ""): void {
    const scores = rows.map(zOf);
    this.#body.replaceChildren(
      ...rows.map((row, k) => {
        const name = el("th", { scope: "row" }, el("abbr", { title: row.meaning }, row.name));
        const exact = row.exact === undefined ? "–" : fixed(row.exact, 4);
        const cells = [withError(row.measured), exact, fixed(scores[k], 1)].map((text) => el("td", {}, text));
        cells[0].dataset.value = String(row.measured.mean);
        return el("tr", {}, name, ...cells);
      }),
    );
    const known = scores.filter((z) => !Number.isNaN(z));
    const worst = Math.max(...known.map(Math.abs));
    const agrees = worst <= limit;
    this.#verdict.dataset.agrees = pending !== "" || known.length === 0 ? "" : agrees ? "yes" : "no";
    const found = `the largest |z| is ${fixed(worst, 1)}`;
    write(
      this.#verdict,
      pending ||
        (known.length === 0
          ? "No exact value to compare with."
          : agrees
            ? `Agrees: ${found}.`
            : `Differs: ${found}.`),
    );
    write(this.#note, note);
  }
}

/** Leaves the text alone where it stands already, so that a screen reader does not say it again. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
