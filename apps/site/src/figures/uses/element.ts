import { complete, correct, detector, mixture, recall } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { gaussian } from "@basin/energy-core/targets";
import { fixed } from "../../demos/shared/dom.ts";
import { fit, resolved } from "../../demos/shared/plot.ts";
import { range } from "../../demos/shared/settings.ts";
import { Figure } from "../figure.ts";

const schema = {
  x: range("State, across", 0.4, [-3, 3, 0.05]),
  y: range("State, up", 1.2, [-3, 3, 0.05]),
  radius: range("Radius ε of a correction", 0.8, [0.1, 3, 0.1]),
};

const dips = [
  { mean: [-1.6, -0.8], weight: 3 },
  { mean: [1.5, -1.2], weight: 1 },
  { mean: [0.8, 1.6], weight: 1 },
];
const spread = 0.6;
const parts = dips.map(({ mean }) => gaussian({ mean, standardDeviations: [spread, spread] }));
const energy = mixture(parts, {
  weights: dips.map(({ weight }) => weight),
  logPartitions: parts.map(({ logPartition }) => logPartition),
});
const { isOutlier, threshold } = detector(Float64Array.from({ length: 500 }, heldOut(createRng(1))), {
  keep: 0.95,
});

function heldOut(rng: ReturnType<typeof createRng>): () => number {
  return () => {
    const pick = rng.uniform() * 5;
    const { mean } = dips[pick < 3 ? 0 : pick < 4 ? 1 : 2];
    return energy.energy(Float64Array.from(mean, (m) => m + spread * rng.normal()));
  };
}

const cells = 60;
const map = Float64Array.from({ length: cells * cells }, (_, k) =>
  energy.energy(Float64Array.of(((k % cells) + 0.5) / 10 - 3, 3 - (Math.floor(k / cells) + 0.5) / 10)),
);

/** One energy over the plane, and what four questions answer for the state that a reader chooses. */
class Uses extends Figure<typeof schema> {
  protected plan() {
    const keys = { ink: "the state", accent: "recalled", good: "corrected", third: "completed" };
    return { schema, keys, height: "22rem" };
  }

  protected override pointed(across: number, down: number): boolean {
    this.settings.x = Math.round(20 * (6 * across - 3)) / 20;
    this.settings.y = Math.round(20 * (3 - 6 * down)) / 20;
    return true;
  }

  protected paint(): void {
    const { x, y, radius } = this.settings;
    const state = Float64Array.of(x, y);
    const answers = {
      recalled: recall(energy, state).state,
      corrected: correct(energy, state, { radius }).state,
      completed: complete(energy, state, { known: [true, false] }).state,
    };
    const { at, context, circle } = this.#map();
    context.strokeStyle = resolved(this.canvas, "--ink");
    context.lineWidth = 1.5;
    context.setLineDash([4, 4]);
    context.beginPath();
    const [left, top] = at([x - radius, y + radius]);
    const [right, bottom] = at([x + radius, y - radius]);
    context.ellipse((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2, 0, 0, 7);
    context.stroke();
    context.setLineDash([]);
    circle(answers.recalled, "--accent", 9);
    circle(answers.corrected, "--good", 7);
    circle(answers.completed, "--third", 7);
    circle([x, y], "--ink", 5);
    const e = energy.energy(state);
    const at2 = (place: Float64Array) => `(${fixed(place[0], 2)}, ${fixed(place[1], 2)})`;
    this.say(
      `E(x) = ${fixed(e, 2)}, ${isOutlier(e) ? "an outlier" : "no outlier"} at τ = ${fixed(threshold, 2)}. ` +
        `Recalled ${at2(answers.recalled)}, corrected ${at2(answers.corrected)}, completed ${at2(answers.completed)}.`,
    );
  }

  #map() {
    const { context, width, height } = fit(this.canvas);
    const at = (place: ArrayLike<number>): [number, number] => [
      ((place[0] + 3) / 6) * width,
      ((3 - place[1]) / 6) * height,
    ];
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#shading(), 0, 0, width, height);
    const circle = (place: ArrayLike<number>, color: string, radius: number) => {
      const [left, top] = at(place);
      context.fillStyle = resolved(this.canvas, color);
      context.beginPath();
      context.arc(left, top, radius, 0, 7);
      context.fill();
    };
    return { at, context, circle };
  }

  /** The lower the energy, the stronger the color. */
  #shading(): OffscreenCanvas {
    const picture = new OffscreenCanvas(cells, cells);
    const context = picture.getContext("2d")!;
    context.fillStyle = resolved(this.canvas, "--up");
    for (const [k, e] of map.entries()) {
      context.globalAlpha = Math.min(0.8, Math.exp(-0.45 * (e - 0.8)));
      context.fillRect(k % cells, Math.floor(k / cells), 1, 1);
    }
    return picture;
  }
}

customElements.define("basin-uses", Uses);
