import { Demo } from "../shared/demo.ts";
import { el, fixed, sheet } from "../shared/dom.ts";
import { fit, plot, resolved } from "../shared/plot.ts";
import type * as jobs from "./jobs.ts";
import { type Settings, schema } from "./settings.ts";

/** KL in nats below which a density counts as learned. */
const learned = 0.1;
const fewestPoints = 20;
const burst = 8;

const style = sheet(`
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1rem; }
.progress { height: 9rem; }
`);

/** `<basin-learn>`: a net learns the energy of points in the plane, beside the density that they come from. */
export class LearnDemo extends Demo<typeof schema, typeof jobs> {
  readonly #truth = el("canvas", {
    class: "square",
    role: "img",
    "aria-label": "The data and their density",
  });
  readonly #model = el("canvas", { class: "square", role: "img", "aria-label": "The learned density" });
  readonly #count = el("span", { class: "count" });
  readonly #progress = el("canvas", {
    class: "progress",
    role: "img",
    "aria-label": "KL divergence after each update",
  });
  readonly #verdict = el("p", { class: "verdict", role: "status" });
  #lesson: jobs.Lesson | undefined;
  #report: (jobs.Report & { samples?: Float32Array }) | undefined;
  #divergences: { readonly done: number; readonly value: number }[] = [];
  #drawn: number[] = [];

  constructor() {
    super({ name: "learn", schema, style, loops: false });
    const key = (color: string, text: string) => el("span", { class: `key ${color}` }, text);
    const data = el(
      "figure",
      {},
      this.#truth,
      el("figcaption", { class: "caption" }, key("accent", "data"), "true density"),
    );
    const model = el(
      "figure",
      {},
      this.#model,
      el("figcaption", { class: "caption" }, key("third", "negatives, then draws"), this.#count),
    );
    this.stage.append(
      el("div", { class: "pair" }, data, model),
      el(
        "p",
        { class: "note" },
        "Learning pushes the energy down at the data and pulls it up at the negatives, until the two clouds are alike.",
      ),
    );
    const exact = el("section", { "aria-label": "Checked against the exact density" });
    exact.append(
      el("h2", {}, "Learned, and true"),
      this.#verdict,
      el(
        "p",
        { class: "note" },
        "KL(true‖learned) in nats by summing both densities over a grid: 0 where they are the same. The points of the curve are from a coarse grid, the last figure from 200 × 200 cells.",
      ),
    );
    this.check.append(
      exact,
      el("figure", {}, this.#progress, el("figcaption", {}, "KL after updates; the dashed line is 0.1 nats")),
    );
    this.addButton("Train", () => this.#again()).classList.add("primary");
    for (const type of ["pointerdown", "pointermove"] as const)
      this.#truth.addEventListener(type, (event) => {
        // A finger scrolls the page unless the picture is there to be drawn on.
        const draws = event.pointerType !== "touch" || this.settings.data === "drawn";
        if (event.buttons > 0 && draws) this.#draw(event);
      });
  }

  protected async begin(): Promise<void> {
    this.#divergences = [];
    this.#report = undefined;
    this.#lesson = await this.call("begin", { ...this.settings });
    this.paint();
    const own = this.settings.data === "drawn";
    this.#truth.style.touchAction = own ? "none" : "";
    if (own && this.#drawn.length < 2 * fewestPoints) {
      this.say("Draw points on the left picture, then train.");
      this.#verdict.textContent = "No exact density of points that are drawn.";
      return;
    }
    this.say("Training …");
    const drawn = own ? Float32Array.from(this.#drawn) : undefined;
    const began = performance.now();
    const found = await this.call("train", { settings: { ...this.settings }, drawn }, (news: jobs.Report) =>
      this.#show(news),
    );
    this.#show(found);
    this.say(`Trained in ${((performance.now() - began) / 1000).toFixed(0)} seconds.`);
    const { divergence } = found;
    if (divergence === undefined) return;
    this.#verdict.dataset.agrees = divergence < learned ? "yes" : "no";
    this.#verdict.textContent = `KL = ${fixed(divergence, 3)} nats: ${divergence < learned ? "learned" : "not there yet"}.`;
    this.#model.dataset.kl = String(divergence);
  }

  protected override changed(_name: keyof Settings): void {
    this.#again();
  }

  #again(): void {
    // What still trains is of no use any more.
    this.closeWorker();
    this.restart();
  }

  protected override reset(): void {
    this.#drawn = [];
    this.closeWorker();
    super.reset();
  }

  #show(news: jobs.Report & { samples?: Float32Array }): void {
    this.#report = news;
    if (news.divergence !== undefined) {
      this.#divergences.push({ done: news.done, value: news.divergence });
      this.#verdict.dataset.agrees = "";
      this.#verdict.textContent = `KL = ${fixed(news.divergence, 3)} nats after ${news.done} updates.`;
    }
    this.paint();
  }

  protected paint(): void {
    if (this.#lesson === undefined) return;
    const { truth, points, box } = this.#lesson;
    this.#paintDensity(this.#truth, truth);
    const drawn = this.settings.data === "drawn";
    this.#paintPoints(this.#truth, drawn ? this.#drawn : points, box, "--accent");
    this.#paintDensity(this.#model, this.#report?.learned);
    const { samples, negatives, done } = this.#report ?? {};
    this.#paintPoints(this.#model, samples ?? negatives ?? [], box, "--third");
    this.#count.textContent = done === undefined ? "" : `${done} updates`;
    const y = this.#divergences.map(({ value }) => value);
    const x = this.#divergences.map(({ done }) => done);
    const end = this.settings.updates;
    const line = { x: [0, end], y: [learned, learned], color: "--accent", style: "dashed" as const };
    plot(
      this.#progress,
      [line, { x, y, color: "--ink" }],
      [0, end, 0, Math.max(0.5, Math.min(3, Math.max(0, ...y)))],
    );
  }

  /** p on the grid, whose first row is the lowest. */
  #paintDensity(canvas: HTMLCanvasElement, logDensity: Float64Array | undefined): void {
    const { context, width, height } = fit(canvas);
    const { across } = this.#lesson!;
    const [paper, ink] = [this.color("--panel"), this.color("--up")];
    const image = new ImageData(across, across);
    const highest = logDensity?.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) ?? 0;
    for (let k = 0; k < across ** 2; k++) {
      const from = (across - 1 - Math.floor(k / across)) * across + (k % across);
      const share = logDensity ? 0.7 * Math.exp(0.6 * (logDensity[from] - highest)) : 0;
      for (let c = 0; c < 3; c++) image.data[4 * k + c] = paper[c] + share * (ink[c] - paper[c]);
      image.data[4 * k + 3] = 255;
    }
    const ground = new OffscreenCanvas(across, across);
    ground.getContext("2d")!.putImageData(image, 0, 0);
    context.drawImage(ground, 0, 0, width, height);
  }

  #paintPoints(
    canvas: HTMLCanvasElement,
    points: ArrayLike<number>,
    [low, high]: readonly [number, number],
    color: string,
  ): void {
    const context = canvas.getContext("2d")!;
    const side = canvas.clientWidth;
    const place = (value: number) => ((value - low) / (high - low)) * side;
    context.fillStyle = resolved(canvas, color);
    context.globalAlpha = 0.7;
    for (let k = 0; k < points.length; k += 2)
      context.fillRect(place(points[k]) - 1, side - place(points[k + 1]) - 1, 2.5, 2.5);
    context.globalAlpha = 1;
  }

  #draw(event: PointerEvent): void {
    if (this.#lesson === undefined) return;
    if (this.settings.data !== "drawn") this.set("data", "drawn");
    const [low, high] = this.#lesson.box;
    const { left, top, width, height } = this.#truth.getBoundingClientRect();
    const x = low + ((event.clientX - left) / width) * (high - low);
    const y = high - ((event.clientY - top) / height) * (high - low);
    // A spray around the pointer, by the golden angle.
    for (let k = 0; k < burst; k++) {
      const reach = 0.12 * Math.sqrt(k / burst);
      this.#drawn.push(
        x + reach * Math.cos(2.4 * (k + this.#drawn.length)),
        y + reach * Math.sin(2.4 * (k + this.#drawn.length)),
      );
    }
    this.paint();
  }
}
