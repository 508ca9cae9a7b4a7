import { el, fixed } from "../shared/dom.ts";
import { histogram } from "../shared/histogram.ts";
import { plot } from "../shared/plot.ts";
import type { Judgment } from "./jobs.ts";

/** The energies that the axis spans; what lies outside is shown at its ends. */
const [lowest, highest] = [-6, 12];
const bins = 60;

/** What the model says of a picture: a bar for each class, and its energy among those of held-out digits. */
export class Readout {
  readonly bars = el("ol", { class: "bars", "aria-label": "Class probabilities p(y|x)" });
  readonly scale = el("canvas", { class: "scale", role: "img", "aria-label": "Energies of held-out digits" });
  readonly verdict = el("p", { class: "verdict", role: "status" });
  readonly #rows = Array.from({ length: 10 }, (_, label) => {
    const [bar, share] = [el("span", { class: "bar" }), el("span", { class: "share" })];
    const row = el("li", {}, el("span", { class: "label" }, String(label)), bar, share);
    this.bars.append(row);
    return { row, bar, share };
  });
  #judgment: Judgment | undefined;
  #heldOut: Float64Array = new Float64Array();

  constructor() {
    this.show(undefined);
  }

  /** Takes the energies of held-out digits. */
  calibrate(heldOut: Float64Array): void {
    this.#heldOut = heldOut;
  }

  show(judgment: Judgment | undefined): void {
    this.#judgment = judgment;
    const best = judgment && Math.max(...judgment.probabilities);
    for (const [label, { row, bar, share }] of this.#rows.entries()) {
      const p = judgment?.probabilities[label] ?? 0;
      row.toggleAttribute("data-best", p === best);
      bar.style.setProperty("--share", String(p));
      share.textContent = judgment === undefined ? "–" : `${(100 * p).toFixed(0)} %`;
    }
    this.#judge(judgment);
    this.paint();
  }

  #judge(judgment: Judgment | undefined): void {
    const { verdict } = this;
    if (judgment === undefined) {
      verdict.dataset.agrees = "";
      verdict.textContent = "Nothing judged yet.";
      return;
    }
    const { probabilities, energy, threshold, outlier } = judgment;
    const best = probabilities.indexOf(Math.max(...probabilities));
    verdict.dataset.agrees = outlier ? "no" : "yes";
    verdict.dataset.class = String(best);
    verdict.dataset.energy = String(energy);
    const label = `Energies of held-out digits; this picture lies at ${fixed(energy, 2)}, τ at ${fixed(threshold, 2)}`;
    this.scale.setAttribute("aria-label", label);
    const sides = `E(x) = ${fixed(energy, 2)}, τ = ${fixed(threshold, 2)}`;
    verdict.textContent = outlier
      ? `Outlier: ${sides}. The class ${best} means little here.`
      : `A ${best}, like the digits it knows: ${sides}.`;
  }

  paint(): void {
    if (this.scale.clientWidth === 0) return;
    const judgment = this.#judgment;
    const { x, y } = histogram(this.#heldOut, [lowest, highest], bins);
    const top = 1.15 * Math.max(10, ...y);
    const place = (energy: number) => Math.max(lowest, Math.min(highest, energy));
    const upright = (at: number, color: string, style: "line" | "dashed") =>
      ({ x: [at, at], y: [0, top], color, style }) as const;
    const { energy, threshold } = judgment ?? {};
    plot(
      this.scale,
      [
        { x, y, color: "--up" },
        ...(threshold === undefined ? [] : [upright(place(threshold), "--accent", "dashed")]),
        ...(energy === undefined
          ? []
          : [
              upright(place(energy), "--third", "line"),
              { x: [place(energy)], y: [0], color: "--third", style: "points" as const },
            ]),
      ],
      [lowest, highest, 0, top],
    );
  }
}
