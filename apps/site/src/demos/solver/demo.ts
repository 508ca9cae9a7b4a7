import { Demo } from "../shared/demo.ts";
import { el, fixed, sheet } from "../shared/dom.ts";
import { ExactPanel } from "../shared/exact-panel.ts";
import { onDrop } from "../shared/files.ts";
import { plot } from "../shared/plot.ts";
import { drawPuzzle } from "./draw.ts";
import type * as jobs from "./jobs.ts";
import { mostLessons, type Settings, schema } from "./settings.ts";

const mostBytes = 20e6;

const style = sheet(`
.progress { height: 8rem; }
.stage canvas.square { max-height: 34rem; aspect-ratio: auto; height: min(34rem, 90cqi); }
`);

/** `<basin-solver>`: puzzles as energies of spins, solved in the tab, beside another way to the answer. */
export class SolverDemo extends Demo<typeof schema, typeof jobs> {
  readonly #canvas = el("canvas", { class: "square", role: "img", "aria-label": "The puzzle" });
  readonly #caption = el("figcaption", { class: "caption", role: "status" });
  readonly #progress = el("canvas", {
    class: "progress",
    role: "img",
    "aria-label": "The best value over time",
  });
  readonly #panel = new ExactPanel("puzzle", "Found, and exact");
  readonly #how = el("p", { class: "note" });
  #posed: jobs.Posed | undefined;
  #news: jobs.News[] = [];
  #file: { name: string; bytes: Uint8Array } | undefined;

  constructor() {
    super({ name: "solver", schema, style, loops: false });
    const progress = el("figure", {}, this.#progress, el("figcaption", {}, "best value after seconds"));
    this.stage.append(el("figure", {}, this.#canvas, this.#caption));
    this.#panel.element.append(this.#how);
    this.check.append(this.#panel.element, progress);
    const open = el("input", { type: "file", "aria-label": "Open a problem file" });
    open.addEventListener("change", () => void this.#take(open.files?.[0]));
    this.controls.field("problem").append(open);
    this.addButton("Solve", () => this.restart()).classList.add("primary");
    onDrop(this, this.#canvas, ([file]) => void this.#take(file));
  }

  protected async begin(): Promise<void> {
    const { puzzle, seconds, seed, size } = this.settings;
    for (const [name, shown] of [
      ["problem", puzzle === "own"],
      ["colors", puzzle === "map"],
      ["size", puzzle !== "own"],
    ] as const)
      this.controls.field(name).hidden = !shown;
    const cut = puzzle === "timetable" && size > mostLessons;
    this.controls.hint("size", cut ? `A timetable has ${mostLessons} lessons at most.` : "");
    this.#news = [];
    this.say("Solving …");
    this.#panel.show([], "", "Not solved yet.");
    this.#how.textContent = "";
    const file = puzzle === "own" ? this.#file : undefined;
    this.#posed = await this.call("pose", { settings: { ...this.settings }, file });
    this.paint();
    const found = await this.call("answer", { seconds, seed }, (news: jobs.News) => this.#add(news));
    this.#add(found);
    this.#show(found);
  }

  protected override changed(name: keyof Settings): void {
    if (name === "problem") this.#file = undefined;
    // What still searches is for a puzzle of before.
    this.closeWorker();
    this.restart();
  }

  protected override reset(): void {
    this.#file = undefined;
    this.closeWorker();
    super.reset();
  }

  async #take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    if (file.size > mostBytes) {
      this.say(
        `${file.name} has ${Math.round(file.size / 1e6)} MB, expected at most ${mostBytes / 1e6}.`,
        true,
      );
      return;
    }
    this.#file = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    this.set("puzzle", "own");
  }

  #add(news: jobs.News): void {
    this.#news.push(news);
    this.paint();
  }

  #show(found: jobs.Answer): void {
    const { exact, figure, variables, how, notes } = this.#posed!;
    const proven = found.certificate === "exact" && exact === undefined ? found.value : exact;
    const measured = { mean: found.value, standardError: 0 };
    this.#panel.show([{ name: figure, meaning: figure, measured, exact: proven }], notes.join(" "));
    const bound = found.bound === undefined ? "" : ` By frustrated cycles, ${found.bound}.`;
    const range = found.inverseTemperatures;
    const schedule = range
      ? ` ${found.reads} reads of up to ${found.sweeps} sweeps, β from ${fixed(range[0], 2)} to ${fixed(range[1], 2)}.`
      : "";
    this.#how.textContent = `${how}${bound} ${variables} spins; ${found.method}: ${found.why}.${schedule}`;
    this.say(
      found.certificate === "exact" ? "Solved, and proven." : `Best of ${found.seconds.toFixed(1)} seconds.`,
    );
    Object.assign(this.#canvas.dataset, { value: found.value, exact: proven ?? "" });
  }

  protected paint(): void {
    const last = this.#news.at(-1);
    if (this.#posed === undefined) return;
    const { drawing, figure, variables } = this.#posed;
    this.#canvas.hidden = drawing === undefined;
    if (drawing) drawPuzzle(this.#canvas, drawing, last?.choices);
    const value = last ? `${figure}: ${fixed(last.value, Number.isInteger(last.value) ? 0 : 4)}` : "";
    this.#caption.textContent = `${value || "not solved yet"} · ${variables} spins`;
    this.#canvas.setAttribute("aria-label", `The puzzle, ${value || "not solved yet"}`);
    if (last === undefined) return;
    const y = this.#news.map((news) => news.value).filter((v) => !Number.isNaN(v));
    const x = this.#news.filter((news) => !Number.isNaN(news.value)).map((news) => news.seconds);
    if (y.length === 0) return;
    const [low, high] = [Math.min(...y), Math.max(...y)];
    const room = Math.max(1, 0.1 * (high - low));
    const traces = [
      { x, y, color: "--ink" },
      { x, y, color: "--accent", style: "points" as const },
    ];
    plot(this.#progress, traces, [0, Math.max(0.1, x[x.length - 1]), low - room, high + room]);
  }
}
