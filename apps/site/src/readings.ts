import { kaufman, onsager } from "@basin/ising";
import { byId } from "./controls.ts";
import type { Estimate, Experiment } from "./experiment.ts";
import { algorithmNames, type Settings } from "./settings.ts";
import { roughly, sweepsToForget } from "./settling.ts";
import { TraceView } from "./trace-view.ts";

/** The numbers of the page: measured, exact, and what it takes to repeat them. */
export class Readings {
  readonly #settings: Settings;
  readonly #magnetizationTrace = new TraceView(byId<HTMLCanvasElement>("m-trace"), -1, 1);
  readonly #energyTrace = new TraceView(byId<HTMLCanvasElement>("u-trace"), -2, 0);
  #exact = { magnetization: 0, energy: 0 };

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Writes the exact values anew: temperature or size changed. */
  showExact(): void {
    const { temperature, size } = this.#settings;
    const magnetization = onsager.magnetization(temperature);
    const energy = kaufman(size, size, temperature).energyPerSite;
    this.#exact = { magnetization, energy };
    byId("m-exact").textContent = magnetization === 0 ? "0" : fixed(magnetization, 5);
    byId("u-exact").textContent = fixed(energy, 5);
    byId("measured-hint").textContent =
      "Exact: |m| of the infinite lattice (Onsager, Yang), which a finite one exceeds near and above critical; " +
      `u of this very ${size} × ${size} torus (Kaufman). ` +
      "Means leave out the older half of the measurements since the last change.";
  }

  /** Writes what changes from picture to picture. */
  showNow(experiment: Experiment): void {
    const { magnetizations, energies, lattice } = experiment;
    byId("m-now").textContent = fixed(Math.abs(magnetizations[magnetizations.length - 1]), 4);
    byId("u-now").textContent = fixed(energies[energies.length - 1], 4);
    const unit = lattice.path === "cluster" ? "clusters" : "sweeps";
    byId("sweeps").textContent = `${lattice.sweeps.toLocaleString("en")} ${unit}`;
    const { magnetization, energy } = this.#exact;
    this.#magnetizationTrace.draw(magnetizations, [magnetization, -magnetization]);
    this.#energyTrace.draw(energies, [energy]);
  }

  /** Writes what is worth computing now and then: means, errors, speed. */
  showEstimates(experiment: Experiment): void {
    const { magnetization, energy, drifting } = experiment.estimates();
    byId("settling").textContent = this.#settling(experiment, drifting);
    byId("m-mean").textContent = withError(magnetization);
    byId("u-mean").textContent = withError(energy);
    byId("speed-measured").textContent = speedOf(experiment);
    byId("kernel").textContent = `${algorithmNames[this.#settings.algorithm]}, ${kernelOf(experiment)}`;
  }

  #settling({ lattice, sweepsSinceChange }: Experiment, drifting: boolean): string {
    if (sweepsSinceChange === 0) return "";
    if (drifting) return "Settling: the energy still drifts, so the errors are too small.";
    const memory = sweepsToForget(this.#settings);
    if (lattice.path === "cluster" || sweepsSinceChange > 10 * memory) return "";
    return `Settling: here the lattice forgets its past in about ${roughly(memory)} sweeps, so the errors are too small.`;
  }

  /** Writes the program that gives the spins of this paused run, or why there is none. */
  showRepeat(experiment: Experiment, why?: string): void {
    const { size, algorithm, start, seed, temperature } = this.#settings;
    const { sweeps, magnetization, energy } = experiment.lattice;
    byId("repeat-program").hidden = why !== undefined;
    byId("repeat-text").textContent =
      why ?? "This program gives the picture above to the bit, in Node or in any browser.";
    byId("repeat-code").textContent = [
      'import { createLattice, squareLattice } from "@basin/ising";',
      "",
      `const lattice = await createLattice(squareLattice(${size}), {`,
      `  algorithm: "${algorithm}",`,
      `  start: "${start}",`,
      `  seed: ${seed},`,
      "});",
      ...(experiment.lattice.path === "cluster" ? ["lattice.settle(); // one cluster a sweep"] : []),
      `lattice.sweep(${sweeps}, { temperature: ${temperature} });`,
      `console.log(lattice.magnetization, lattice.energy); // ${magnetization} ${energy}`,
    ].join("\n");
  }
}

/** Writes a number as print does, with a true minus sign. */
function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace("-", "−");
}

function withError({ mean, standardError }: Estimate): string {
  if (Number.isNaN(mean)) return "–";
  if (!(standardError > 0)) return fixed(mean, 4);
  const digits = Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(standardError))));
  return `${fixed(mean, digits)} ± ${fixed(standardError, digits)}`;
}

function speedOf(experiment: Experiment): string {
  const { path, model } = experiment.lattice;
  const sweeps = experiment.sweepsPerSecond();
  if (Number.isNaN(sweeps)) return "–";
  if (path === "cluster") return `${Math.round(sweeps).toLocaleString("en")} clusters per second`;
  return `${((sweeps * model.variables) / 1e9).toPrecision(2)} attempted flips per nanosecond`;
}

function kernelOf({ lattice }: Experiment): string {
  if (lattice.path !== "packed") return "TypeScript";
  return lattice.kernel === "wasm"
    ? "WebAssembly, 128 spins an instruction"
    : "TypeScript, 32 spins an operation";
}
