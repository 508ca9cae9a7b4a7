import { exp, log, type Rng } from "@basin/energy-core/random";
import { copyGradientState, copyVector, type PhasePoint, phasePoint } from "./hamiltonian.ts";
import type { Leapfrog } from "./leapfrog.ts";

/** Bounds for the division of a macro step. */
export interface MacroStepSettings {
  /** Most that H may vary along a macro step, above 0. */
  readonly maxEnergyError: number;
  /** Most halvings of the step. */
  readonly maxHalvings: number;
}

/** Probability of one more halving than needed, so that a step can be reversed if the other end needs one fewer. */
const REFINE = 0.2;
const LOG_REFINE = log(REFINE);
const LOG_PLAIN = log(1 - REFINE);

/**
 * Steps of one length in 2^ℓ leapfrog steps. ℓ is the least for which H varies by at most a bound, or one more at
 * random (WALNUTS; Bou-Rabee, Carpenter, Kleppe & Liu 2025).
 */
export class MacroStep {
  readonly #leapfrog: Leapfrog;
  readonly #settings: MacroStepSettings;
  readonly #start: PhasePoint;
  readonly #trial: PhasePoint;
  /** Gradients of the last move. */
  gradients = 0;
  /** exp(−spread of H) of the undivided step. */
  acceptance = 0;

  constructor(leapfrog: Leapfrog, dimension: number, settings: MacroStepSettings) {
    this.#leapfrog = leapfrog;
    this.#settings = settings;
    this.#start = phasePoint(dimension);
    this.#trial = phasePoint(dimension);
  }

  /**
   * Moves `point` by a step and returns the logarithm of p(ℓ | from the end back) / p(ℓ | from the start): −∞ if the
   * step back would take another ℓ.
   */
  move(rng: Rng, point: PhasePoint, stepSize: number, inverseTemperature: number): number {
    const { maxEnergyError, maxHalvings } = this.#settings;
    this.gradients = 0;
    copyPhase(point, this.#start);
    let least = 0;
    for (; least < maxHalvings; least++) {
      copyPhase(this.#start, point);
      const spread = this.#walk(point, stepSize, least, inverseTemperature, maxEnergyError);
      if (least === 0) this.acceptance = spread < Infinity ? exp(-spread) : 0;
      if (spread <= maxEnergyError) break;
    }
    const capped = least === maxHalvings;
    const halvings = capped || !rng.bernoulli(REFINE) ? least : least + 1;
    let fine = !capped;
    if (halvings > least || capped) {
      copyPhase(this.#start, point);
      fine = this.#walk(point, stepSize, halvings, inverseTemperature, Infinity) <= maxEnergyError;
    }
    const back = this.#leastBack(point, -stepSize, halvings, fine, inverseTemperature);
    return this.#logChance(halvings, back) - this.#logChance(halvings, least);
  }

  /** Walks 2^halvings leapfrog steps and returns by how much H varied; stops where that is beyond `most`. */
  #walk(
    point: PhasePoint,
    stepSize: number,
    halvings: number,
    inverseTemperature: number,
    most: number,
  ): number {
    const count = 2 ** halvings;
    let low = inverseTemperature * point.energy + point.kinetic;
    let high = low;
    for (let k = 0; k < count; k++) {
      this.#leapfrog.step(point, stepSize / count, inverseTemperature);
      this.gradients++;
      const hamiltonian = inverseTemperature * point.energy + point.kinetic;
      if (!(hamiltonian < Infinity)) return Infinity;
      low = Math.min(low, hamiltonian);
      high = Math.max(high, hamiltonian);
      if (high - low > most) break;
    }
    return high - low;
  }

  /** The least ℓ that the way back would find, where it is at most `halvings`; `fine` says whether that many do. */
  #leastBack(
    end: PhasePoint,
    stepSize: number,
    halvings: number,
    fine: boolean,
    inverseTemperature: number,
  ): number {
    const { maxEnergyError, maxHalvings } = this.#settings;
    for (let least = 0; least < halvings; least++) {
      copyPhase(end, this.#trial);
      const spread = this.#walk(this.#trial, stepSize, least, inverseTemperature, maxEnergyError);
      if (spread <= maxEnergyError) return least;
    }
    return fine || halvings === maxHalvings ? halvings : halvings + 1;
  }

  /** ln p(halvings | least). */
  #logChance(halvings: number, least: number): number {
    if (least === this.#settings.maxHalvings) return halvings === least ? 0 : -Infinity;
    if (halvings === least) return LOG_PLAIN;
    return halvings === least + 1 ? LOG_REFINE : -Infinity;
  }
}

function copyPhase(source: PhasePoint, target: PhasePoint): void {
  copyGradientState(source, target);
  copyVector(source.momentum, target.momentum);
  target.kinetic = source.kinetic;
}
