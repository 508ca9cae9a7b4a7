import { Demo } from "../shared/demo.ts";
import { digitSide as side } from "../shared/digits.ts";
import { button, el, fixed, sheet } from "../shared/dom.ts";
import { ExactPanel } from "../shared/exact-panel.ts";
import { type Inks, Pad, paintValues } from "../shared/pad.ts";
import { plot } from "../shared/plot.ts";
import type * as jobs from "./jobs.ts";
import { planOf, type Settings, schema } from "./settings.ts";

/** Milliseconds from one sweep to the next, so that recall can be watched. */
const pause = 220;
const pixels = side ** 2;

const style = sheet(`
.pictures { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); gap: 1rem; align-items: end; }
.strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(2.75rem, 1fr)); gap: 0.35rem; }
.strip button { min-height: 0; padding: 2px; border-radius: 5px; }
.strip button[aria-pressed="true"] { outline: 2px solid var(--accent); }
.energy { height: 8rem; }
.weights canvas { max-width: 16rem; border: 1px solid var(--rule); }
.measure { display: grid; gap: 0.6rem; justify-items: start; }
.measure > section { width: 100%; }
`);

/** `<basin-memory>`: patterns as minima of an energy, and recall as the way down. */
export class MemoryDemo extends Demo<typeof schema, typeof jobs> {
  readonly #pad = new Pad(
    "The state",
    () => this.#inks(),
    () => this.#drawn(),
  );
  readonly #nearest = el("canvas", {
    class: "square pixels",
    role: "img",
    "aria-label": "The nearest stored pattern",
  });
  readonly #caption = el("figcaption", { class: "caption", role: "status" });
  readonly #strip = el("div", {
    class: "strip",
    role: "group",
    "aria-label": "Stored patterns to begin from",
  });
  readonly #trace = el("canvas", {
    class: "energy",
    role: "img",
    "aria-label": "The energy after each sweep",
  });
  readonly #weights = el("canvas", {
    class: "square pixels",
    role: "img",
    "aria-label": "The weights of the middle pixel",
  });
  readonly #weightsFigure = el("figure", { class: "weights" });
  readonly #panel = new ExactPanel("", "Wrong bits, measured and by theory");
  #stored: jobs.Stored | undefined;
  #now: jobs.Recalled | undefined;
  #energies: number[] = [];
  #sweeps = 0;

  constructor() {
    super({ name: "memory", schema, style, loops: true });
    const state = el("figure", {}, this.#pad.canvas);
    const nearest = el("figure", {}, this.#nearest, el("figcaption", {}, "nearest stored"));
    const energy = el("figure", {}, this.#trace, el("figcaption", {}, "energy after each sweep"));
    this.stage.append(el("div", { class: "pictures" }, state, nearest), this.#caption, this.#strip, energy);
    this.addButton("Corrupt", () => this.restart());
    this.addButton("Clear", () => {
      this.#pad.set(new Float64Array(pixels).fill(-1));
      this.#drawn();
    });
    this.#weightsFigure.append(
      el("h2", {}, "What the middle pixel has learned"),
      this.#weights,
      el(
        "figcaption",
        {},
        "Pixels in the color of ink want to be like the middle one, pixels in the color of paper unlike it.",
      ),
    );
    const measure = button("Measure on random patterns", () => void this.#measure());
    this.check.append(el("div", { class: "measure" }, this.#panel.element, measure), this.#weightsFigure);
  }

  protected async begin(): Promise<void> {
    for (const [name, note] of Object.entries(planOf(this.settings).notes))
      this.controls.hint(name as keyof Settings, note);
    this.#stored = await this.call("begin", { ...this.settings });
    this.#fillStrip(this.#stored);
    this.#energies = [];
    this.#sweeps = 0;
    this.#panel.show(
      [],
      "One update flips this share of the bits of a stored pattern. Theory: Hebb's rule by the noise of the other patterns as a Gaussian; the pseudo-inverse rule exactly 0.",
      "Not measured yet.",
    );
    this.#show(this.#stored.start);
    this.paint();
  }

  protected override changed(name: keyof Settings): void {
    if (name === "temperature") {
      this.controls.hint("temperature", planOf(this.settings).notes.temperature);
      return;
    }
    this.restart();
    this.setRunning(true);
  }

  protected override async turn(): Promise<void> {
    const { temperature, seed } = this.settings;
    // Drawing while a sweep is under way wins over the sweep.
    const before = this.#now;
    if (before === undefined) return;
    const next = await this.call("step", { state: before.state, temperature, seed: seed + this.#sweeps + 1 });
    if (this.#now !== before) return;
    this.#sweeps++;
    this.#show(next);
    const ends = next.settled && (temperature === 0 || this.settings.rule === "modern");
    if (ends && this.running) this.setRunning(false, `Settled after ${this.#sweeps} sweeps.`);
    else if (this.running) await new Promise((resolve) => setTimeout(resolve, pause));
  }

  #drawn(): void {
    this.setRunning(false, "Run recalls what you draw.");
    void this.guarded(async () => {
      const state = this.#pad.values.slice();
      this.#energies = [];
      this.#sweeps = 0;
      this.#show(await this.call("judge", state));
    });
  }

  #show(now: jobs.Recalled): void {
    this.#now = now;
    this.#energies.push(now.energy);
    this.#pad.set(now.state);
    this.#pad.canvas.dataset.overlap = String(now.overlap);
    const { label } = now;
    const name =
      label === undefined ? `pattern ${now.nearest + 1}` : `pattern ${now.nearest + 1}, a ${label}`;
    this.#caption.textContent = `Sweep ${this.#sweeps}: overlap ${fixed(now.overlap, 3)} with ${name}; energy ${fixed(now.energy, 1)}.`;
    this.#pad.describe(`overlap ${fixed(now.overlap, 2)} with ${name}`);
    this.#paintTrace();
    this.#paintNearest();
  }

  protected paint(): void {
    if (this.#stored === undefined) return;
    this.#pad.paint();
    this.#paintTrace();
    this.#paintNearest();
    const { weights, patterns } = this.#stored;
    const thumbnails = this.#strip.querySelectorAll("canvas");
    for (const [k, canvas] of thumbnails.entries())
      paintValues(canvas, patterns.subarray(k * pixels, (k + 1) * pixels), side, this.#inks());
    this.#weightsFigure.hidden = weights === undefined;
    if (weights)
      paintValues(
        this.#weights,
        Float64Array.from(weights, (byte) => (byte - 128) / 127),
        side,
        this.#inks(),
      );
  }

  #paintTrace(): void {
    const y = this.#energies;
    if (y.length === 0) return;
    const x = y.map((_, k) => this.#sweeps - y.length + 1 + k);
    const [low, high] = [Math.min(...y), Math.max(...y)];
    const room = Math.max(1, 0.08 * (high - low));
    const right = Math.max(4, this.#sweeps);
    const traces = [
      { x, y, color: "--ink" },
      { x, y, color: "--accent", style: "points" as const },
    ];
    plot(this.#trace, traces, [Math.min(0, x[0]), right, low - room, high + room]);
  }

  #paintNearest(): void {
    if (this.#now) paintValues(this.#nearest, this.#now.pattern, side, this.#inks());
  }

  #fillStrip({ patterns, labels }: jobs.Stored): void {
    const count = patterns.length / pixels;
    const picked = Math.min(this.settings.pattern, count) - 1;
    this.#strip.replaceChildren(
      ...Array.from({ length: count }, (_, k) => {
        const thumbnail = button("", () => this.set("pattern", k + 1), {
          "aria-label": labels.length > 0 ? `Pattern ${k + 1}, a ${labels[k]}` : `Pattern ${k + 1}`,
          "aria-pressed": String(k === picked),
        });
        thumbnail.append(el("canvas", { class: "square pixels" }));
        return thumbnail;
      }),
    );
  }

  async #measure(): Promise<void> {
    this.#panel.show([], "", "Measuring …");
    await this.guarded(async () => {
      const { rule, seed } = this.settings;
      const { count } = planOf(this.settings);
      const found = await this.call("errors", { rule, count, seed });
      if (found === undefined) {
        this.#panel.show([], "", "The modern memory has no bits to count.");
        return;
      }
      const row = {
        name: `P = ${count}`,
        meaning: "stored patterns of 784 bits",
        measured: found,
        exact: found.theory,
      };
      this.#panel.show(
        [row],
        "The share of the bits of stored random patterns that one update flips, of 8 networks.",
      );
    });
  }

  #inks(): Inks {
    return [this.color("--down"), this.color("--up")];
  }
}
