import { Demo } from "../shared/demo.ts";
import { el, fixed, sheet } from "../shared/dom.ts";
import { ExactPanel } from "../shared/exact-panel.ts";
import { fit, plot, resolved } from "../shared/plot.ts";
import type * as jobs from "./jobs.ts";
import { type Settings, schema, views } from "./settings.ts";

const millisecondsBetweenEstimates = 400;
/** Milliseconds that a typed formula may take to compile and to integrate. */
const timeLimit = 10_000;
const longestTrail = 24;
const mostDots = 6000;
/** Effective draws from which R-hat and errors are to be trusted (Vehtari et al. 2021). */
const fewestEffective = 400;
const chainColors = ["--accent", "--ink", "--third", "--fourth"] as const;

const style = sheet(`
.traces canvas { height: 8rem; }
`);

/** `<basin-samplers>`: four chains walk a landscape of two coordinates, beside its exact moments. */
export class SamplersDemo extends Demo<typeof schema, typeof jobs> {
  readonly #canvas = el("canvas", {
    class: "square",
    role: "img",
    "aria-label": "The landscape with four chains",
  });
  readonly #trace = el("canvas", { role: "img", "aria-label": "x of the last draws of four chains" });
  readonly #count = el("span", { class: "count" });
  readonly #panel = new ExactPanel("moment");
  readonly #health = el("p", { class: "note" });
  #landscape: jobs.Landscape | undefined;
  #chains: { readonly x: number[]; readonly y: number[] }[] = [];
  #lastEstimates = 0;

  constructor() {
    super({ name: "samplers", schema, style, loops: true });
    const keys = chainColors.map((color, k) =>
      el("span", { class: `key ${color.slice(2)}` }, `chain ${k + 1}`),
    );
    const caption = el("figcaption", { class: "caption" }, ...keys, this.#count);
    const trace = el(
      "figure",
      { class: "traces" },
      this.#trace,
      el("figcaption", {}, "x of the last 200 draws: chains that have found the law look alike"),
    );
    this.stage.append(el("figure", {}, this.#canvas, caption));
    this.#panel.element.append(this.#health);
    this.check.append(this.#panel.element, trace);
  }

  protected async begin(): Promise<void> {
    this.controls.field("formula").hidden = this.settings.target !== "formula";
    this.#chains = chainColors.map(() => ({ x: [], y: [] }));
    // A landscape that fails must not leave the one before it to be sampled.
    this.#landscape = undefined;
    this.#panel.show([], "", "No draws yet.");
    this.#health.textContent = "";
    this.#landscape = await this.#within(this.call("begin", { ...this.settings }));
    this.paint();
  }

  /** Stops the worker where a formula takes too long. */
  async #within<T>(answer: Promise<T>): Promise<T> {
    let late: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      this.closeWorker();
      this.setRunning(false, `Stopped: the landscape took longer than ${timeLimit / 1000} seconds.`, true);
    };
    try {
      late = setTimeout(stop, timeLimit);
      return await answer;
    } finally {
      clearTimeout(late);
    }
  }

  protected override changed(name: keyof Settings): void {
    if (name === "speed") return;
    this.restart();
    if (name === "formula" || name === "target") this.setRunning(true);
  }

  protected override async turn(): Promise<void> {
    if (this.#landscape === undefined) return;
    const fresh = await this.call("advance", 2 ** this.settings.speed);
    for (let k = 0; k < fresh.length; k += 3) {
      this.#chains[fresh[k]].x.push(fresh[k + 1]);
      this.#chains[fresh[k]].y.push(fresh[k + 2]);
    }
    this.paint();
    if (this.running && performance.now() - this.#lastEstimates < millisecondsBetweenEstimates) return;
    this.#lastEstimates = performance.now();
    this.#show(await this.call("diagnosis", undefined as never));
  }

  #show(found: ReturnType<typeof jobs.diagnosis>): void {
    const { moments, without } = this.#landscape!;
    const row = (
      name: string,
      meaning: string,
      measured: { mean: number; standardError: number },
      exact?: number,
    ) => ({ name, meaning, measured, exact });
    const rows = ["x", "y"].flatMap((axis, k) => [
      row(`⟨${axis}⟩`, `mean of ${axis}`, found.means[k], moments?.mean[k]),
      row(`var ${axis}`, `variance of ${axis}`, found.variances[k], moments?.variance[k]),
    ]);
    const note = moments
      ? "Exact: by formula, or by quadrature over the plane. Errors count the memory of the chains."
      : `No exact moments: ${without}.`;
    const [ess, worst] = [Math.min(...found.ess), Math.max(...found.rHat)];
    const pending =
      ess >= fewestEffective && worst < 1.02
        ? ""
        : worst >= 1.02
          ? `The chains do not agree yet: R-hat is ${fixed(worst, 2)}, so the errors are too small.`
          : `${fixed(ess, 0)} of the ${fewestEffective} effective draws from which errors are to be trusted.`;
    this.#panel.show(rows, note, pending);
    this.#health.textContent = `R-hat ${fixed(worst, 3)}; effective draws ${fixed(ess, 0)} of ${4 * found.count}; mean acceptance ${fixed(found.acceptance, 2)}.`;
    Object.assign(this.#canvas.dataset, { rhat: worst, ess, count: found.count });
    this.#canvas.setAttribute(
      "aria-label",
      `The landscape with four chains of ${found.count} draws, R-hat ${fixed(worst, 2)}`,
    );
  }

  protected paint(): void {
    if (this.#landscape === undefined) return;
    const { context, width, height } = fit(this.#canvas);
    const { across } = this.#landscape;
    const ground = new OffscreenCanvas(across, across);
    ground.getContext("2d")!.putImageData(this.#groundOf(this.#landscape), 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(ground, 0, 0, width, height);
    const { x, y, reach } = views[this.settings.target];
    const left = (value: number) => ((value - x + reach) / (2 * reach)) * width;
    const top = (value: number) => ((y + reach - value) / (2 * reach)) * height;
    for (const [k, chain] of this.#chains.entries())
      this.#drawChain(context, chain, resolved(this.#canvas, chainColors[k]), left, top);
    const draws = this.#chains[0].x.length;
    this.#count.textContent = `${draws.toLocaleString("en")} draws a chain`;
    this.#paintTrace();
  }

  #drawChain(
    context: CanvasRenderingContext2D,
    chain: { readonly x: readonly number[]; readonly y: readonly number[] },
    color: string,
    left: (value: number) => number,
    top: (value: number) => number,
  ): void {
    const count = chain.x.length;
    context.fillStyle = context.strokeStyle = color;
    context.globalAlpha = 0.35;
    for (let k = Math.max(0, count - mostDots / 4); k < count; k++)
      context.fillRect(left(chain.x[k]) - 1, top(chain.y[k]) - 1, 2, 2);
    context.globalAlpha = 1;
    context.lineWidth = 1.25;
    context.beginPath();
    for (let k = Math.max(0, count - longestTrail); k < count; k++)
      context.lineTo(left(chain.x[k]), top(chain.y[k]));
    context.stroke();
    if (count === 0) return;
    context.beginPath();
    context.arc(left(chain.x[count - 1]), top(chain.y[count - 1]), 5, 0, 2 * Math.PI);
    context.fill();
  }

  /**
   * The density exp(−E), relative to its top, from the color of paper to a soft ink, with steps that show the slope.
   */
  #groundOf({ energies, across, lowest }: jobs.Landscape): ImageData {
    const [paper, ink] = [this.color("--panel"), this.color("--up")];
    const image = new ImageData(across, across);
    for (let k = 0; k < energies.length; k++) {
      const above = energies[k] - lowest;
      const share = Number.isNaN(above) ? 0 : 0.55 * Math.exp(-Math.round(2 * Math.sqrt(above)) / 2.2);
      for (let c = 0; c < 3; c++) image.data[4 * k + c] = paper[c] + share * (ink[c] - paper[c]);
      image.data[4 * k + 3] = 255;
    }
    return image;
  }

  #paintTrace(): void {
    const { x, reach } = views[this.settings.target];
    const count = this.#chains[0].x.length;
    const first = Math.max(0, count - 200);
    const traces = this.#chains.map((chain, k) => {
      const y = chain.x.slice(first, count);
      return { x: y.map((_, t) => first + t), y, color: chainColors[k] };
    });
    plot(this.#trace, traces, [first, first + 200, x - reach, x + reach]);
  }
}
