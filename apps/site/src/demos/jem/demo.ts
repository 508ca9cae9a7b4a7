import { Demo } from "../shared/demo.ts";
import { digitSide as side } from "../shared/digits.ts";
import { button, el, sheet } from "../shared/dom.ts";
import { ExactPanel } from "../shared/exact-panel.ts";
import { type Inks, Pad, paintValues } from "../shared/pad.ts";
import { plot } from "../shared/plot.ts";
import { centered } from "./centered.ts";
import type * as jobs from "./jobs.ts";
import { Readout } from "./readout.ts";
import { pictureCount, type Settings, schema } from "./settings.ts";

const pixels = side ** 2;
/** Langevin steps from one picture to the next, and the milliseconds between the two. */
const stride = 5;
const pause = 60;

const style = sheet(`
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1rem 1.5rem; }
.pair figure { display: flex; flex-direction: column; }
.bars { flex: 1; display: grid; gap: 0.2rem; margin: 0; padding: 0; list-style: none; font-variant-numeric: tabular-nums; }
.bars li { display: grid; grid-template-columns: 1rem minmax(0, 1fr) 3rem; gap: 0.5rem; align-items: center; line-height: 1.3; }
.bars .label { font-family: var(--serif); font-size: 1.05rem; }
.bars .share { text-align: right; color: var(--quiet); font-size: 0.875rem; }
.bars [data-best] :is(.label, .share) { color: inherit; font-weight: 600; }
.bar { height: 0.95rem; border-radius: 3px; background: linear-gradient(var(--up), var(--up)) no-repeat 0 0 / calc(100% * var(--share, 0)) 100%, var(--down); }
.strip { display: grid; grid-template-columns: repeat(auto-fill, minmax(max(2.5rem, (100% - 4.6rem) / 14), 1fr)); gap: 0.35rem; }
.strip button { min-height: 0; padding: 2px; border-radius: 5px; }
.strip button[aria-pressed="true"] { outline: 2px solid var(--accent); }
.scale, .trace { height: 8rem; }
.measure { display: grid; gap: 0.6rem; justify-items: start; }
.measure > section { width: 100%; }
`);

/**
 * `<basin-jem>`: a classifier of digits that is an energy, asked what a picture is, whether it is one, and for
 * pictures.
 */
export class JemDemo extends Demo<typeof schema, typeof jobs> {
  /** Resolves to the weights of the model. Where their file lies depends on the bundle. */
  static readWeights: () => Promise<Uint8Array>;

  readonly #pad = new Pad(
    "The picture",
    () => this.#inks(),
    () => this.#drew(),
  );
  readonly #readout = new Readout();
  readonly #start = el("div", { class: "start" });
  readonly #strip = el("div", { class: "strip", role: "group", "aria-label": "Pictures to begin from" });
  readonly #trace = el("canvas", { class: "trace", role: "img", "aria-label": "E(x) along the chain" });
  readonly #panel = new ExactPanel("", "Measured on digits that training never saw");
  readonly #measuring = button("Measure on 1,000 digits", () => void this.#measure());
  /** Whether the visitor has asked for the model, which is too heavy to come by itself. */
  #wanted = false;
  #loaded: jobs.Loaded | undefined;
  /** What was picked or drawn, 0 (ground) to 1 (ink): what completing begins from. */
  #picture: Float32Array = new Float32Array(pixels);
  #drawn = false;
  #walk: jobs.Walk | undefined;
  #chain = 0;
  #energies: number[] = [];
  #threshold = 0;

  constructor() {
    super({ name: "jem", schema, style, loops: true });
    this.#start.append(
      button("Start", () => this.#want(), { class: "primary" }),
      el("p", { class: "note" }, "Loads a trained model of 240 kB, and 0.4 MB of compressed code to run it."),
    );
    const words = (text: string) => el("figcaption", { class: "caption" }, text);
    const picture = el("figure", {}, this.#pad.canvas, words("draw here, or pick a picture below"));
    const classes = el("figure", {}, this.#readout.bars, words("p(y|x), from differences of E(x, y)"));
    const key = (color: string, text: string) => el("span", { class: `key ${color}` }, text);
    const caption = el("figcaption", { class: "caption" });
    caption.append(
      key("up", "E(x) of 1,000 held-out digits"),
      key("third", "this picture"),
      key("accent", "τ"),
    );
    this.stage.append(
      ...[this.#start, el("div", { class: "pair" }, picture, classes), this.#strip],
      ...[this.#readout.verdict, el("figure", {}, this.#readout.scale, caption)],
    );
    this.addButton("Clear", () => {
      this.#pad.set(new Float64Array(pixels).fill(-1));
      this.#drew();
    });
    this.check.append(
      el("div", { class: "measure" }, this.#panel.element, this.#measuring),
      el("figure", {}, this.#trace, words("E(x) after Langevin steps; the dashed line is τ")),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setRunning(false, "");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#loaded = undefined;
  }

  protected async begin(): Promise<void> {
    const generates = this.settings.task === "generate";
    this.controls.field("digit").hidden = !generates;
    this.controls.field("hide").hidden = generates;
    this.#walk = undefined;
    this.#chain = 0;
    this.#energies = [];
    this.#panel.show([], "", "Not measured yet.");
    this.#measuring.disabled = this.#loaded === undefined;
    this.paint();
    if (!this.#wanted) return;
    this.#loaded ??= await this.#load();
    if (!this.#drawn) this.#pick(this.#loaded);
    this.paint();
    await this.#judge(this.#picture);
  }

  async #load(): Promise<jobs.Loaded> {
    this.say("Loading …");
    const { readWeights } = this.constructor as typeof JemDemo;
    const loaded = await readWeights()
      .then((weights) => this.call("load", weights))
      .catch((error: unknown) => {
        // Start tries again.
        this.#wanted = false;
        throw error;
      });
    this.#start.hidden = true;
    this.#measuring.disabled = false;
    this.#readout.calibrate(loaded.heldOut);
    this.#fillStrip(loaded.names);
    this.say(this.running ? "Running." : "Ready: draw, pick a picture, or run.");
    return loaded;
  }

  protected override changed(name: keyof Settings): void {
    if (name === "keep") {
      void this.guarded(() => this.#judge(this.#shown()));
      return;
    }
    if (name === "picture") this.#drawn = false;
    this.restart();
    const runs = name === "task" || name === "digit" || name === "hide";
    if (this.#loaded) this.setRunning(runs, runs ? "Running." : "Run starts a chain.");
  }

  protected override reset(): void {
    this.#drawn = false;
    this.setRunning(false);
    super.reset();
  }

  #want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.restart();
  }

  protected override async turn(): Promise<void> {
    this.#want();
    if (this.#loaded === undefined) return;
    const { steps, seed, keep } = this.settings;
    if (this.#walk === undefined || this.#walk.done >= steps) {
      const settings = { ...this.settings };
      this.#energies = [];
      this.#walk = await this.call("start", { settings, picture: this.#picture, chain: this.#chain++ });
    }
    const before = this.#walk;
    const next = await this.call("walk", { from: before, steps: stride, seed, keep });
    // Drawing while steps are under way wins over them.
    if (this.#walk !== before) return;
    this.#walk = next;
    this.#energies.push(next.judgment.energy);
    this.#put(next.picture);
    this.#show(next.judgment);
    this.#paintTrace();
    if (next.done >= steps && this.running) this.setRunning(false, `Took ${next.done} Langevin steps.`);
    else if (this.running) await new Promise((resolve) => setTimeout(resolve, pause));
  }

  #drew(): void {
    this.#drawn = true;
    this.#walk = undefined;
    this.#picture = centered(this.#shown());
    this.setRunning(false, this.#loaded ? "Reading what you draw." : "Loading …");
    this.#want();
    void this.guarded(() => this.#judge(this.#picture));
  }

  async #judge(picture: Float32Array): Promise<void> {
    if (this.#loaded === undefined) return;
    const judgment = await this.call("judge", { picture, keep: this.settings.keep });
    if (this.#walk === undefined || picture !== this.#picture) this.#show(judgment);
  }

  #show(judgment: jobs.Judgment): void {
    this.#threshold = judgment.threshold;
    this.#readout.show(judgment);
    this.#pad.describe(this.#readout.verdict.textContent!);
  }

  /** What the pad shows, 0 to 1. */
  #shown(): Float32Array {
    return Float32Array.from(this.#pad.values, (value) => (value + 1) / 2);
  }

  #put(picture: Float32Array): void {
    this.#pad.set(picture.map((value) => 2 * value - 1));
  }

  #pick({ pictures }: jobs.Loaded): void {
    const at = (this.settings.picture - 1) * pixels;
    this.#picture = pictures.slice(at, at + pixels);
    this.#put(this.#picture);
    for (const [k, thumbnail] of this.#strip.querySelectorAll("button").entries())
      thumbnail.setAttribute("aria-pressed", String(k === this.settings.picture - 1));
  }

  protected paint(): void {
    this.#pad.paint();
    this.#readout.paint();
    this.#paintTrace();
    const pictures = this.#loaded?.pictures;
    if (pictures === undefined) return;
    for (const [k, canvas] of this.#strip.querySelectorAll("canvas").entries()) {
      const values = pictures.subarray(k * pixels, (k + 1) * pixels).map((value) => 2 * value - 1);
      paintValues(canvas, values, side, this.#inks());
    }
  }

  #paintTrace(): void {
    const y = this.#energies;
    const x = y.map((_, k) => stride * (k + 1));
    const end = this.settings.steps;
    const [low, high] = [Math.min(-6, ...y), Math.max(6, Math.min(20, y[0] ?? 6))];
    const line = {
      x: [0, end],
      y: [this.#threshold, this.#threshold],
      color: "--accent",
      style: "dashed" as const,
    };
    plot(this.#trace, [line, { x, y, color: "--ink" }], [0, end, low, high]);
  }

  #fillStrip(names: readonly string[]): void {
    this.#strip.replaceChildren(
      ...names.slice(0, pictureCount).map((name, k) => {
        const thumbnail = button("", () => this.set("picture", k + 1), {
          "aria-label": `Picture ${k + 1}, ${name}`,
        });
        thumbnail.append(el("canvas", { class: "square pixels" }));
        return thumbnail;
      }),
    );
  }

  async #measure(): Promise<void> {
    this.#panel.show([], "", "Measuring …");
    await this.guarded(async () => {
      const { kept, accuracy, auroc } = await this.call("measure", { keep: this.settings.keep });
      this.#panel.show(
        [
          { name: "kept", meaning: "Share of fresh digits below τ", measured: kept, exact: kept.exact },
          {
            name: "accuracy",
            meaning: "Share of digits whose class is right",
            measured: accuracy,
            exact: accuracy.exact,
          },
          { name: "AUROC", meaning: "Digits told from digits upside down, by E(x)", measured: auroc },
        ],
        "On 1,000 digits that set no threshold. Kept: beside the exact law of a threshold set by 1,000 others. Accuracy: in black and white, beside all 10,000 test digits in gray. AUROC: against digits upside down, which are made of ordinary strokes.",
      );
    });
  }

  #inks(): Inks {
    return [this.color("--down"), this.color("--up")];
  }
}
