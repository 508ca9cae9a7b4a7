import { logSumExp } from "@basin/energy-core";
import { fixed } from "../../demos/shared/dom.ts";
import { fit, resolved } from "../../demos/shared/plot.ts";
import { range } from "../../demos/shared/settings.ts";
import { Figure } from "../figure.ts";

const logit = (label: string, initial: number) => range(`Logit of ${label}`, initial, [-4, 8, 0.1]);
const names = ["cat", "dog", "bird"];
const schema = {
  cat: logit("cat", 5),
  dog: logit("dog", 3),
  bird: logit("bird", 0),
  shift: range("Added to all logits", 0, [-6, 6, 0.5]),
};

/** Three logits read as energies: what moves p(y|x), and what moves only E(x). */
class Shift extends Figure<typeof schema> {
  protected plan() {
    return { schema, height: "13rem" };
  }

  protected paint(): void {
    const { cat, dog, bird, shift } = this.settings;
    const logits = Float64Array.of(cat, dog, bird).map((value) => value + shift);
    const energy = -logSumExp(logits);
    const probabilities = Array.from(logits, (value) => Math.exp(value + energy));
    const { context, width, height } = fit(this.canvas);
    const row = height / 3;
    context.font = `14px ${getComputedStyle(this.canvas).fontFamily}`;
    for (const [k, p] of probabilities.entries()) {
      const top = k * row + row * 0.3;
      context.fillStyle = resolved(this.canvas, "--ink");
      context.fillText(`${names[k]}   p(y|x) = ${fixed(p, 3)}   E(x, y) = ${fixed(-logits[k], 1)}`, 0, top);
      context.fillStyle = resolved(this.canvas, "--rule");
      context.fillRect(0, top + 8, width, row * 0.28);
      context.fillStyle = resolved(this.canvas, "--up");
      context.fillRect(0, top + 8, p * width, row * 0.28);
    }
    const shares = probabilities.map((p, k) => `${names[k]} ${fixed(p, 3)}`).join(", ");
    this.say(`E(x) = ${fixed(energy, 2)}; p(y|x): ${shares}.`);
  }
}

customElements.define("basin-shift", Shift);
