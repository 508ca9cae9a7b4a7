import { plainEnergy, quadrature, reals } from "@basin/energy-core";
import { fixed } from "../../demos/shared/dom.ts";
import { plot } from "../../demos/shared/plot.ts";
import { range } from "../../demos/shared/settings.ts";
import { Figure } from "../figure.ts";

const schema = {
  beta: range("Inverse temperature β", 1, [0.1, 6, 0.1]),
  tilt: range("Tilt", 0.4, [-2, 2, 0.1]),
  zero: range("Constant C added to E", 0, [-3, 3, 0.5]),
};
const places = Float64Array.from({ length: 241 }, (_, k) => -2 + k / 60);

/** The Gibbs density of a double well, with its partition function by quadrature. */
class Gibbs extends Figure<typeof schema> {
  protected plan() {
    return { schema, keys: { quiet: "E(x)", up: "p(x)" } };
  }

  protected paint(): void {
    const { beta, tilt, zero } = this.settings;
    const energy = plainEnergy(reals(1), ([x]) => 1.5 * (x * x - 1) ** 2 + tilt * x + zero);
    const { logPartition } = quadrature(energy, { box: [[-2, 2]], inverseTemperature: beta });
    const energies = Float64Array.from(places, (x) => energy.energy(Float64Array.of(x)));
    const density = energies.map((e) => Math.exp(-beta * e - logPartition));
    const right = density.reduce((sum, p, k) => sum + (places[k] > 0 ? p / 60 : 0), 0);
    plot(
      this.canvas,
      [
        { x: places, y: energies, color: "--quiet", style: "dashed" },
        { x: places, y: density, color: "--up" },
      ],
      [-2, 2, -3, 5],
    );
    this.say(
      `log Z = ${fixed(logPartition, 3)}; the right valley holds ${fixed(100 * right, 1)} % of the probability.`,
    );
  }
}

customElements.define("basin-gibbs", Gibbs);
