import { Demo } from "../shared/demo.ts";
import { button, el, fixed, sheet } from "../shared/dom.ts";
import { ExactPanel } from "../shared/exact-panel.ts";
import { plot } from "../shared/plot.ts";
import type { ExactMagnet } from "./exact.ts";
import type * as jobs from "./jobs.ts";
import { MagnetRecord } from "./record.ts";
import { planOf, type Settings, schema } from "./settings.ts";
import { roughly, sweepsToForget } from "./settling.ts";

/** Milliseconds of a picture that may go into sweeps. */
const budget = 12;
const millisecondsBetweenEstimates = 400;
/** Times that clusters have to turn a spin before the start is forgotten. */
const enoughTurns = 10;
const visitDraws = 20_000;
/** Colors of the labels of the Potts model, in the order of the labels. */
const labelColors = ["--up", "--down", "--accent", "--third", "--good", "--edge", "--quiet", "--rule"];

const style = sheet(`
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1rem; }
.curves canvas { height: 9rem; }
.visit { display: grid; gap: 0.6rem; justify-items: start; }
`);

const modelNote =
  "Exact: |m| of the infinite lattice (Onsager, Yang), which a finite one exceeds near and above critical, so it is not scored there; u and c of this very torus (Kaufman). Means leave out the older half of the measurements.";

/** `<basin-magnet>`: the Ising and Potts models, live, beside the exact answers. */
export class MagnetDemo extends Demo<typeof schema, typeof jobs> {
  readonly #canvas = el("canvas", { class: "square pixels", role: "img", "aria-label": "The lattice" });
  readonly #count = el("span", { class: "count" });
  readonly #panel = new ExactPanel("per spin");
  readonly #curves = ["|m| over the temperature", "energy u over the temperature"].map((label) =>
    el("canvas", { role: "img", "aria-label": `${label}: exact curve and the measured value` }),
  );
  readonly #figures = el("p", { class: "note" });
  readonly #visitResult = el("p", { class: "verdict", role: "status" });
  #record = new MagnetRecord();
  #exact: ExactMagnet | undefined;
  #slice: jobs.Slice | undefined;
  #palette: Uint32Array | undefined;
  #lastEstimates = 0;

  constructor() {
    super({ name: "magnet", schema, style, loops: true });
    const keys = [el("span", { class: "key up" }, "spin up"), el("span", { class: "key down" }, "spin down")];

    const critical = button("Set the critical temperature", () => this.#setCritical(), { class: "link" });
    this.controls.field("temperature").append(critical);
    const figure = (k: number, caption: string) =>
      el("figure", {}, this.#curves[k], el("figcaption", {}, caption));
    const curves = el(
      "div",
      { class: "curves" },
      figure(0, "|m| over T: exact, and measured"),
      figure(1, "u over T"),
    );
    const visit = el("section", { class: "visit", "aria-label": "Visits of all states" });
    visit.append(
      el("h2", {}, "Every state, as often as it should"),
      el(
        "p",
        { class: "note" },
        `The algorithm draws ${visitDraws.toLocaleString("en")} states of a 3 × 3 torus at T = 4. All 512 are counted against exp(−βE)/Z.`,
      ),
      button("Run the test", () => void this.#visit()),
      this.#visitResult,
    );
    this.#panel.element.append(this.#figures);
    const caption = el("figcaption", { class: "caption" }, ...keys, this.#count);
    this.stage.append(el("figure", {}, this.#canvas, caption), curves);
    this.check.append(this.#panel.element, visit);
  }

  protected async begin(): Promise<void> {
    this.#record = new MagnetRecord();
    this.#palette = undefined;
    this.#exact = undefined;
    this.#visitResult.textContent = "Not run yet.";
    this.#visitResult.dataset.agrees = "";
    const plan = planOf(this.settings);
    for (const [name, note] of Object.entries(plan.notes)) this.controls.hint(name as keyof Settings, note);
    this.#show(await this.call("begin", { ...this.settings }));
    await this.#askExact();
  }

  async #askExact(): Promise<void> {
    this.#exact = await this.call("exactMagnet", { ...this.settings });
    this.#showEstimates();
  }

  protected override async turn(): Promise<void> {
    const { temperature, speed } = this.settings;
    const count = 2 ** speed;
    const slice = await this.call("advance", { count, temperature, budget });
    // The first picture after a change of temperature was begun before it.
    if (temperature !== this.settings.temperature) return;
    this.#show(slice);
    if (this.running && performance.now() - this.#lastEstimates < millisecondsBetweenEstimates) return;
    this.#showEstimates();
  }

  protected override changed(name: keyof Settings): void {
    if (name === "speed") return;
    if (name !== "temperature") {
      this.restart();
      return;
    }
    // The run goes on under new conditions.
    this.#record = new MagnetRecord();
    void this.guarded(() => this.#askExact());
  }

  protected paint(): void {
    this.#palette = undefined;
    this.#paintLattice();
  }

  #paintLattice(): void {
    if (this.#slice === undefined) return;
    const { across, cells, size, done, unit } = this.#slice;
    const context = this.#canvas.getContext("2d", { alpha: false })!;
    if (this.#canvas.width !== across) this.#canvas.width = this.#canvas.height = across;
    const image = context.createImageData(across, across);
    const pixels = new Uint32Array(image.data.buffer);
    this.#palette ??= this.#resolvePalette();
    const palette = this.#palette;
    for (let k = 0; k < pixels.length; k++) pixels[k] = palette[cells[k]];
    context.putImageData(image, 0, 0);
    this.#count.textContent = `${size} × ${size}, ${done.toLocaleString("en")} ${unit}`;
  }

  #show(slice: jobs.Slice): void {
    this.#slice = slice;
    this.#record.add(slice);
    this.#paintLattice();
    if (!this.running) this.#showEstimates();
  }

  /** Returns the color of each cell. Resolving colors makes the browser lay out anew, so it is not done for each picture. */
  #resolvePalette(): Uint32Array {
    const packed = ([red, green, blue]: readonly number[]) =>
      (0xff000000 | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
    if (this.settings.states > 2) return Uint32Array.from(labelColors, (name) => packed(this.color(name)));
    const [up, down] = [this.color("--up"), this.color("--down")];
    return Uint32Array.from({ length: 256 }, (_, shade) =>
      packed(up.map((channel, k) => down[k] + (shade / 255) * (channel - down[k]))),
    );
  }

  #showEstimates(): void {
    if (this.#slice === undefined) return;
    this.#lastEstimates = performance.now();
    this.#palette = undefined;
    const { size, order } = this.#slice;
    const { temperature } = this.settings;
    const found = this.#record.estimates(size ** 2, temperature);
    const exact = this.#exact;
    const ordered = temperature < (exact?.criticalTemperature ?? 0) - 0.25;
    this.#panel.show(
      [
        {
          name: "|m|",
          meaning: "absolute magnetization",
          measured: found.magnetization,
          exact: ordered ? exact?.magnetization : undefined,
        },
        { name: "u", meaning: "energy", measured: found.energy, exact: exact?.energy },
        { name: "c", meaning: "specific heat", measured: found.specificHeat, exact: exact?.specificHeat },
        { name: "χ", meaning: "susceptibility of |m|", measured: found.susceptibility },
      ],
      exact?.energy === undefined
        ? "No exact value is known for this magnet. Means leave out the older half of the measurements."
        : modelNote,
      this.#settling(found.drifting),
    );
    const up = (100 * (1 + order)) / 2;
    const what =
      this.settings.states > 2 ? `order ${fixed(order, 2)}` : `${up.toFixed(0)} % of the spins are up`;
    this.#canvas.setAttribute("aria-label", `Lattice of ${size} by ${size} sites, ${what}`);
    this.#canvas.dataset.order = String(order);
    const speed = this.#record.attempted / this.#record.milliseconds / 1e6;
    const pace =
      speed > 0 && this.#slice.unit === "sweeps"
        ? `${speed.toPrecision(2)} attempted flips a nanosecond; `
        : "";
    this.#figures.textContent = `${pace}${this.#slice.kernel}.`;
    this.#drawCurves(found);
  }

  #settling(drifting: boolean): string {
    const { length } = this.#record.energies;
    if (length < 40) return "Too few measurements yet.";
    if (drifting) return "Settling: the energy still drifts, so the errors are too small.";
    const { temperature, states, coupling, lattice, start } = this.settings;
    const { algorithm, field, size } = planOf(this.settings);
    const units = this.#record.attempted / size ** 2;
    if (algorithm === "wolff" && states === 2) {
      // A cluster holds N⟨m²⟩ spins on average (Wolff 1989).
      const turns = units * meanSquare(this.#record.orders);
      return turns > enoughTurns
        ? ""
        : `Settling: clusters have turned each spin about ${fixed(turns, 2)} times, so the errors are too small.`;
    }
    const plain = states === 2 && coupling === "ferro" && lattice === "square" && field === 0;
    if (!plain || algorithm === "swendsen-wang") return "";
    const memory = sweepsToForget({ temperature, size, start });
    if (units > 10 * memory) return "";
    return `Settling: here the lattice forgets its past in about ${roughly(memory)} sweeps, so the errors are too small.`;
  }

  #drawCurves(found: ReturnType<MagnetRecord["estimates"]>): void {
    const {
      temperatures: x,
      magnetizations,
      energies,
    } = this.#exact ?? { temperatures: [], magnetizations: [], energies: [] };
    const here = [this.settings.temperature];
    const draw = (
      k: number,
      y: readonly number[],
      { mean, standardError }: { mean: number; standardError: number },
      low: number,
      high: number,
    ) =>
      plot(
        this.#curves[k],
        [
          { x, y, color: "--accent" },
          { x: here, y: [mean], errors: [standardError], color: "--ink", style: "points" },
        ],
        [0.3, 5, low, high],
      );
    draw(0, magnetizations, found.magnetization, 0, 1.02);
    const low = Math.min(-2, ...energies, found.energy.mean || 0);
    draw(1, energies, found.energy, Math.floor(low), 0);
  }

  #setCritical(): void {
    const critical = this.#exact?.criticalTemperature;
    if (critical === undefined) {
      this.say("No critical temperature is known for this magnet.");
      return;
    }
    this.set("temperature", critical);
  }

  async #visit(): Promise<void> {
    this.#visitResult.textContent = "Drawing …";
    this.#visitResult.dataset.agrees = "";
    await this.guarded(async () => {
      const { algorithm } = planOf(this.settings);
      const found = await this.call("visits", { algorithm, seed: this.settings.seed, draws: visitDraws });
      const agrees = found.z < 4;
      this.#visitResult.dataset.agrees = agrees ? "yes" : "no";
      this.#visitResult.textContent = `${agrees ? "Agrees" : "Differs"}: χ² = ${fixed(found.chiSquare, 1)} on ${found.freedom} degrees of freedom, z = ${fixed(found.z, 1)}.`;
    });
  }
}

function meanSquare(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
}
