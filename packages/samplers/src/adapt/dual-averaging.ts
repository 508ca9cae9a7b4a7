import { exp, log } from "@basin/energy-core/random";

/**
 * Dual averaging of a step size towards an acceptance target (Nesterov 2009; Hoffman & Gelman 2014, §3.2):
 * H̄ ← (1 − η) H̄ + η (δ − a), ln ε = μ − √t H̄ / γ, and the average ln ε̄ weighted by t^−κ that is kept in the end.
 */
export class DualAveraging {
  /** The step size to try next. */
  stepSize: number;
  readonly #target: number;
  readonly #shrinkage = 0.05; // γ
  readonly #decay = 0.75; // κ
  readonly #delay = 10; // t₀
  #mu = 0;
  #count = 0;
  #errorAverage = 0;
  #logAverage = 0;

  constructor(stepSize: number, target: number) {
    this.#target = target;
    this.stepSize = stepSize;
    this.restart(stepSize);
  }

  /** Forgets what was learnt and starts again from `stepSize`, biased towards ten times it. */
  restart(stepSize: number): void {
    this.stepSize = stepSize;
    this.#mu = log(10 * stepSize);
    this.#count = 0;
    this.#errorAverage = 0;
    this.#logAverage = 0;
  }

  /** Learns from the acceptance probability of one step. */
  update(acceptanceProbability: number): void {
    const t = ++this.#count;
    const accepted = acceptanceProbability > 0 ? Math.min(1, acceptanceProbability) : 0;
    const eta = 1 / (t + this.#delay);
    this.#errorAverage = (1 - eta) * this.#errorAverage + eta * (this.#target - accepted);
    const logStep = this.#mu - (Math.sqrt(t) / this.#shrinkage) * this.#errorAverage;
    const weight = exp(-this.#decay * log(t));
    this.#logAverage = weight * logStep + (1 - weight) * this.#logAverage;
    this.stepSize = exp(logStep);
  }

  /** Returns the averaged step size, to be kept after warm-up. */
  average(): number {
    return this.#count === 0 ? this.stepSize : exp(this.#logAverage);
  }
}
