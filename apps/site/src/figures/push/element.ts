import type { NegativePhase } from "@basin/samplers/learn";
import { maximizeLikelihood } from "@basin/samplers/learn";
import { fixed } from "../../demos/shared/dom.ts";
import { plot } from "../../demos/shared/plot.ts";
import { choice, seed } from "../../demos/shared/settings.ts";
import { Figure } from "../figure.ts";
import { type Bumps, bumps, data, density, phases, places } from "./model.ts";

const schema = {
  negatives: choice("Negative samples", "exact", {
    exact: "exact",
    cd1: "CD, 1 step",
    cd20: "CD, 20 steps",
    persistent: "persistent chains",
  }),
  seed: seed(),
};

/** Training on a line: data push the energy down where they are, the model's own samples pull it up. */
class Push extends Figure<typeof schema> {
  #energy: Bumps = bumps();
  #data: Float64Array[] = [];
  #phase: NegativePhase<Bumps, Float64Array> = phases.exact();
  #updates = 0;
  #busy = false;

  protected plan() {
    const buttons = {
      "One update": () => void this.#learn(1),
      "100 updates": () => void this.#learn(100),
      "Start anew": () => {
        this.begin();
        this.paint();
      },
    };
    return { schema, buttons, keys: { quiet: "E(x)", up: "p(x) of the model", accent: "data" } };
  }

  protected override begin(): void {
    this.#energy = bumps();
    this.#data = data(this.settings.seed);
    this.#phase = phases[this.settings.negatives]();
    this.#updates = 0;
  }

  protected override changed(): void {
    this.begin();
  }

  async #learn(updates: number): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const options = { seed: this.settings.seed + this.#updates, updates, learningRate: 0.2 };
    await maximizeLikelihood(this.#energy, this.#data, this.#phase, options);
    this.#updates += updates;
    this.#busy = false;
    this.paint();
  }

  protected paint(): void {
    const p = density(this.#energy);
    const energies = Float64Array.from(places, (x) => this.#energy.energy(Float64Array.of(x)));
    const xs = Float64Array.from(this.#data, ([x]) => x);
    const likelihood = xs.reduce((sum, x) => sum + Math.log(p[Math.round((x + 2) * 40)]), 0) / xs.length;
    plot(
      this.canvas,
      [
        { x: places, y: energies, color: "--quiet", style: "dashed" },
        { x: places, y: p, color: "--up" },
        { x: xs, y: new Float64Array(xs.length).fill(-0.15), color: "--accent", style: "points" },
      ],
      [-2, 2, -4, 4],
    );
    const right = p.reduce((sum, value, k) => sum + (places[k] > 0 ? value / 40 : 0), 0);
    this.say(
      `${this.#updates} updates. Mean log p(data) = ${fixed(likelihood, 3)}; ` +
        `the model puts ${fixed(100 * right, 0)} % on the right, where 25 % of the data are.`,
    );
  }
}

customElements.define("basin-push", Push);
