import { exp, log } from "@basin/energy-core/random";

/**
 * Dual averaging of a step size toward an acceptance target (Nesterov 2009; Hoffman & Gelman 2014, §3.2):
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
  /** ln ε and the acceptance it met, of the steps since the last restart. */
  #tried: { logStep: number; accepted: number }[] = [];

  constructor(stepSize: number, target: number) {
    this.#target = target;
    this.stepSize = stepSize;
    this.restart(stepSize);
  }

  /** Restarts from `stepSize`, biased toward ten times it. */
  restart(stepSize: number): void {
    this.stepSize = stepSize;
    this.#mu = log(10 * stepSize);
    this.#count = 0;
    this.#errorAverage = 0;
    this.#logAverage = 0;
    this.#tried = [];
  }

  /** Forgets the steps that {@link settle} looks at, and goes on with the step size as it is. */
  forget(): void {
    this.#tried = [];
  }

  /** Learns from the acceptance probability of one step. */
  update(acceptanceProbability: number): void {
    const t = ++this.#count;
    const accepted = acceptanceProbability > 0 ? Math.min(1, acceptanceProbability) : 0;
    this.#tried.push({ logStep: log(this.stepSize), accepted });
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

  /**
   * Returns the step size to keep after warm-up. Acceptance is concave in ln ε, and dual averaging keeps fluctuating,
   * so the acceptance at the average of ln ε exceeds the target: 0.87 and more for a target of 0.8. Instead, a curve
   * 1/(1 + (ε/ε₀)^k) is fitted to the steps since the last restart, with ε₀ such that its mean over those ε is the mean
   * acceptance. The result is ε at the target.
   *
   * @param exponent k: about 2.7 where the energy error of a step grows as ε², as in Hamiltonian kernels of any length.
   */
  settle(exponent = 2.7): number {
    // The first steps are on their way from wherever it started.
    const tried = this.#tried.slice(Math.min(this.#tried.length >> 2, 100));
    if (tried.length < LEAST_TRIED) return this.average();
    const met = tried.reduce((sum, { accepted }) => sum + accepted, 0) / tried.length;
    const logSteps = tried.map(({ logStep }) => logStep);
    const [least, most] = [Math.min(...logSteps), Math.max(...logSteps)];
    let [low, high] = [least - 20, most + 20];
    for (let k = 0; k < 50; k++) {
      const middle = 0.5 * (low + high);
      const mean =
        logSteps.reduce((sum, x) => sum + 1 / (1 + exp(exponent * (x - middle))), 0) / logSteps.length;
      if (mean < met) low = middle;
      else high = middle;
    }
    const logStep = low + log((1 - this.#target) / this.#target) / exponent;
    return exp(Math.min(Math.max(logStep, least), most));
  }
}

/** Fewer steps than these say too little about a curve. */
const LEAST_TRIED = 20;
