import { descend, differentiable } from "@basin/energy-core";
import { fixed } from "../../demos/shared/dom.ts";
import { plot } from "../../demos/shared/plot.ts";
import { range } from "../../demos/shared/settings.ts";
import { Figure } from "../figure.ts";

const schema = {
  barrier: range("Barrier", 2, [0.3, 4, 0.1]),
  tilt: range("Tilt", 0.4, [-2, 2, 0.1]),
  start: range("Where the ball starts", 0.3, [-2, 2, 0.05]),
  zero: range("Constant added to E", 0, [-4, 4, 0.5]),
};
const places = Float64Array.from({ length: 241 }, (_, k) => -2 + k / 60);

/** A double well, E(x) = b (x² − 1)² + t x + c, and the minimum that a state flows down to. */
class Landscape extends Figure<typeof schema> {
  protected plan() {
    return { schema, keys: { up: "E(x)", quiet: "start", accent: "where it rests" } };
  }

  protected paint(): void {
    const { barrier, tilt, start, zero } = this.settings;
    const energy = differentiable(1, ([x], gradient) => {
      gradient[0] = 4 * barrier * x * (x * x - 1) + tilt;
      return barrier * (x * x - 1) ** 2 + tilt * x + zero;
    });
    const end = descend(energy, Float64Array.of(start)).state[0];
    const at = (x: number) => energy.energy(Float64Array.of(x));
    plot(
      this.canvas,
      [
        { x: places, y: Float64Array.from(places, at), color: "--up" },
        { x: [start, end], y: [at(start), at(end)], color: "--quiet", style: "dashed" },
        { x: [start], y: [at(start)], color: "--quiet", style: "points" },
        { x: [end], y: [at(end)], color: "--accent", style: "points" },
      ],
      [-2, 2, -4, 8],
    );
    this.say(
      `From ${fixed(start, 2)} the state flows down to ${fixed(end, 2)}, and loses ${fixed(at(start) - at(end), 2)} of energy.`,
    );
  }
}

customElements.define("basin-landscape", Landscape);
