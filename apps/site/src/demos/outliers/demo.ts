import { Demo } from "../shared/demo.ts";
import { button, el, fixed, sheet } from "../shared/dom.ts";
import { ExactPanel } from "../shared/exact-panel.ts";
import { FileBox, megabytes } from "../shared/files.ts";
import { histogram } from "../shared/histogram.ts";
import { plot } from "../shared/plot.ts";
import type * as jobs from "./jobs.ts";
import { type Settings, schema } from "./settings.ts";

const mostShown = 60;
const mostNamed = 5;
const bins = 60;
const side = 72;

const style = sheet(`
.boxes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 0.75rem; }
.box { display: flex; flex-direction: column; gap: 0.5rem; padding: 0.75rem 0.9rem; border: 1px solid var(--rule); border-radius: 8px; background: var(--panel); }
.box h2 { margin: 0; }
.box .row { margin-top: auto; }
.box button { min-height: 2.25rem; padding: 0.2rem 0.7rem; }
[role="status"]:empty { display: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(6.5rem, 30%), 1fr)); gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
.cards li { display: grid; gap: 0.2rem; align-content: start; padding: 0.4rem; border: 1px solid var(--rule); border-radius: 6px; background: var(--panel); font-size: 0.875rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.cards [data-outlier] { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.cards canvas { aspect-ratio: 1; image-rendering: pixelated; background: var(--down); }
.cards .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.cards .says { color: var(--quiet); }
.refused { margin: 0; padding-left: 1.1rem; color: var(--quiet); font-size: 0.875rem; }
.scale { height: 9rem; }
`);

interface Found {
  readonly judged: jobs.Scored;
  readonly known: jobs.Scored;
  readonly files: readonly File[];
}

const isImage = ({ type, name }: File) => type.startsWith("image/") && !name.startsWith(".");
const isModel = ({ name }: File) => /\.(json|bin|onnx|h5|keras|pb|pt|tflite|safetensors)$|shard/i.test(name);

/** `<basin-outliers>`: a classifier of the visitor's own, read as an energy, and which of a folder of images it does not know. */
export class OutliersDemo extends Demo<typeof schema, typeof jobs> {
  readonly #model = new FileBox(
    "Your model",
    "model.json of tfjs and its weights, layers or graph, or a folder of basin jem train.",
    isModel,
    () => this.#refill(),
  );
  readonly #known = new FileBox(
    "Images it knows",
    "Of the kind it was trained on, but not those of training. They set τ; 19 or more.",
    isImage,
    () => this.#refill(),
  );
  readonly #judged = new FileBox("Images to judge", "Which of them are outliers?", isImage, () =>
    this.#refill(),
  );
  readonly #sizes = el("p", { class: "note", role: "status" });
  readonly #scale = el("canvas", { class: "scale", role: "img", "aria-label": "Energies of the images" });
  readonly #figure = el("figure", { hidden: true });
  readonly #verdict = el("p", { class: "verdict", role: "status" });
  readonly #refused = el("ul", { class: "refused", "aria-label": "Images left out" });
  readonly #cards = el("ol", { class: "cards", "aria-label": "Images, the most outlying first" });
  readonly #panel = new ExactPanel("", "Your images, and what holds for any");
  readonly #score = button("Score", () => this.#want(), { class: "primary" });
  #wanted = false;
  #found: Found | undefined;
  #compared: jobs.Compared | undefined;

  constructor() {
    super({ name: "outliers", schema, style, loops: false });
    const boxes = el("div", { class: "boxes" });
    boxes.append(this.#model.element, this.#known.element, this.#judged.element);
    const key = (color: string, text: string) => el("span", { class: `key ${color}` }, text);
    this.#figure.append(
      this.#scale,
      el(
        "figcaption",
        { class: "caption" },
        key("up", "E(x) of images it knows"),
        key("third", "of images to judge"),
        key("accent", "τ"),
      ),
    );
    this.stage.append(
      ...[boxes, el("div", { class: "start" }, this.#score, this.#sizes)],
      ...[this.#verdict, this.#figure, this.#refused, this.#cards],
    );
    this.check.append(this.#panel.element);
  }

  protected async begin(): Promise<void> {
    this.#found = this.#compared = undefined;
    this.#show();
    const [model, known, files] = [this.#model, this.#known, this.#judged].map((box) => box.files);
    const missing = model.length === 0 ? "a model" : files.length === 0 ? "images to judge" : undefined;
    this.#score.disabled = missing !== undefined;
    this.#sizes.textContent =
      missing === undefined
        ? `Score reads ${megabytes([...model, ...known, ...files])} of your files in this tab, with 0.4 MB of compressed code from this page. Nothing is sent anywhere.`
        : `Nothing leaves this page. Drop ${missing} to begin.`;
    if (!this.#wanted || missing !== undefined) return;
    const settings = { ...this.settings };
    this.say("Reading the model …");
    const { width, height, channels, labels, reading } = await this.call("open", { files: model, settings });
    const took = `Images of ${width} × ${height} in ${channels === 1 ? "gray" : "color"}, ${labels} classes; ${reading}.`;
    const scored = (list: readonly File[], what: string) =>
      this.call("score", { files: list, settings }, (done: number) =>
        this.say(`${took} Scored ${done} of ${list.length} images ${what}.`),
      );
    const found = { known: await scored(known, "it knows"), judged: await scored(files, "to judge"), files };
    this.say(took);
    await this.#compare(found);
  }

  async #compare(found: Found): Promise<void> {
    this.#found = found;
    const [known, judged] = [found.known.energies, found.judged.energies];
    this.#compared = await this.call("compare", { known, judged, keep: this.settings.keep });
    this.#show();
  }

  protected override changed(name: keyof Settings): void {
    const found = this.#found;
    if (name === "keep") void this.guarded(async () => found && (await this.#compare(found)));
    else this.#again();
  }

  protected override reset(): void {
    for (const box of [this.#model, this.#known, this.#judged]) box.clear();
    this.#wanted = false;
    this.closeWorker();
    super.reset();
  }

  #refill(): void {
    this.#wanted = false;
    this.say("");
    this.#again();
  }

  #want(): void {
    this.#wanted = true;
    this.#again();
  }

  #again(): void {
    // A model of before would stay in the worker's memory.
    this.closeWorker();
    this.restart();
  }

  #show(): void {
    const [found, compared] = [this.#found, this.#compared];
    this.#figure.hidden = compared === undefined;
    this.#refused.replaceChildren();
    this.#cards.replaceChildren();
    this.#panel.show([], "", "Nothing scored yet.");
    this.#verdict.dataset.agrees = "";
    this.#verdict.textContent = "";
    if (found === undefined || compared === undefined) return;
    const { threshold, warning, outliers } = compared;
    const count = outliers.filter(Boolean).length;
    this.#verdict.dataset.agrees = count > 0 ? "no" : "yes";
    this.#verdict.dataset.outliers = String(count);
    this.#verdict.textContent =
      warning !== undefined
        ? `No verdict: ${warning}.`
        : found.known.energies.length === 0
          ? "Ranked by E(x). Images that it knows would set τ, and give a verdict."
          : `${count} of ${outliers.length} images are outliers: E(x) above τ = ${fixed(threshold, 2)}.`;
    this.#listRefused([...found.known.refused, ...found.judged.refused]);
    this.#fillCards(found, compared);
    this.#showPanel(compared);
    this.paint();
  }

  #listRefused(refused: jobs.Scored["refused"]): void {
    const lines = refused.slice(0, mostNamed).map(({ name, why }) => `Left out: ${name} ${why}.`);
    if (refused.length > mostNamed) lines.push(`Left out: ${refused.length - mostNamed} more.`);
    this.#refused.append(...lines.map((line) => el("li", {}, line)));
  }

  #fillCards({ judged, files }: Found, { outliers }: jobs.Compared): void {
    const { energies, places, classes, shares } = judged;
    const order = [...energies.keys()].sort((a, b) => energies[b] - energies[a]).slice(0, mostShown);
    this.#cards.append(
      ...order.map((k) => {
        const file = files[places[k]];
        const canvas = el("canvas", { width: side, height: side, "aria-hidden": "true" });
        void thumbnail(file, canvas);
        const says = `class ${classes[k]}, ${(100 * shares[k]).toFixed(0)} %`;
        return el(
          "li",
          { "data-outlier": outliers[k], title: file.name },
          canvas,
          el("span", { class: "name" }, file.name),
          el("span", {}, `E = ${fixed(energies[k], 2)}${outliers[k] ? ", outlier" : ""}`),
          el("span", { class: "says" }, says),
        );
      }),
    );
  }

  #showPanel({ kept, auroc }: jobs.Compared): void {
    const rows = [
      ...(kept
        ? [
            {
              name: "kept",
              meaning: "Share of every other known image below the τ of the rest",
              measured: kept,
              exact: kept.exact,
            },
          ]
        : []),
      ...(auroc
        ? [{ name: "AUROC", meaning: "Known images told from those to judge", measured: auroc }]
        : []),
    ];
    const note =
      "Kept: every other known image sets τ, and the rest lie below it as often as the law of order statistics says of any model. AUROC: 1 where E(x) tells the two folders apart, 0.5 where it does not.";
    this.#panel.show(rows, note, rows.length === 0 ? "More images that it knows are needed." : "");
  }

  protected paint(): void {
    const [found, compared] = [this.#found, this.#compared];
    if (found === undefined || compared === undefined || this.#scale.clientWidth === 0) return;
    const sets = [found.known.energies, found.judged.energies];
    const all = sets.flatMap((set) => Array.from(set));
    if (all.length === 0) return;
    const { threshold } = compared;
    const ends = Number.isFinite(threshold) ? [...all, threshold] : all;
    const [least, most] = [Math.min(...ends), Math.max(...ends)];
    const room = 0.05 * (most - least || 1);
    const range = [least - room, most + room] as const;
    const [known, judged] = sets.map((set) => histogram(set, range, bins));
    const top = 1.15 * Math.max(1, ...known.y, ...judged.y);
    const border = { x: [threshold, threshold], y: [0, top], color: "--accent", style: "dashed" as const };
    plot(
      this.#scale,
      [
        { ...known, color: "--up" },
        { ...judged, color: "--third" },
        ...(Number.isFinite(threshold) ? [border] : []),
      ],
      [...range, 0, top],
    );
  }
}

async function thumbnail(file: File, canvas: HTMLCanvasElement): Promise<void> {
  const bitmap = await createImageBitmap(file);
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0, side, side);
  bitmap.close();
}
