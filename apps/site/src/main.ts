import { createLattice, squareLattice } from "@basin/ising";
import { byId, connectControls } from "./controls.ts";
import { Experiment } from "./experiment.ts";
import { LatticeView } from "./lattice-view.ts";
import { Readings } from "./readings.ts";
import { fragmentOf, settingsFrom, sweepsPerPicture } from "./settings.ts";

/** Milliseconds of a picture that may go into sweeps, so that the page stays responsive. */
const budget = 12;
const millisecondsBetweenEstimates = 400;
const millisecondsBetweenCalmPictures = 500;

const settings = settingsFrom(location.hash);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const view = new LatticeView(byId<HTMLCanvasElement>("lattice"));
const readings = new Readings(settings);
const runButton = byId<HTMLButtonElement>("run");

let experiment = new Experiment(await makeLattice());
/** Whether the run had one temperature and one algorithm since its start. */
let unchanged = true;
let running = !calm.matches;
let lastPicture = 0;
let lastEstimates = 0;

connectControls(settings, {
  temperatureChanged: () => conditionsChanged(),
  algorithmChanged: async () => {
    experiment = new Experiment(await makeLattice(experiment.lattice.spins()));
    conditionsChanged();
  },
  restart: () => reset("Started anew."),
  paceChanged: () => remember(),
});
runButton.addEventListener("click", () => {
  setRunning(!running, running ? "Paused." : "Running.");
});
byId("step").addEventListener("click", () => {
  advance();
  setRunning(false, "Paused after one more picture.");
});
byId("reset").addEventListener("click", () => reset("Started anew from the same seed."));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  view.readColors();
  showAll();
});
addEventListener("resize", () => readings.showNow(experiment));

readings.showExact();
setRunning(running, running ? "Running." : "Paused, since your system asks for less motion. Run starts it.");
requestAnimationFrame(picture);

function makeLattice(spins?: Int8Array) {
  const { size, algorithm, start, seed } = settings;
  return createLattice(squareLattice(size), { algorithm, start: spins ?? start, seed });
}

function picture(now: number): void {
  requestAnimationFrame(picture);
  if (!running || (calm.matches && now - lastPicture < millisecondsBetweenCalmPictures)) return;
  lastPicture = now;
  advance();
  view.paint(experiment.lattice);
  readings.showNow(experiment);
  if (now - lastEstimates < millisecondsBetweenEstimates) return;
  lastEstimates = now;
  readings.showEstimates(experiment);
}

function advance(): void {
  experiment.advance(sweepsPerPicture(settings), settings.temperature, budget);
}

function showAll(): void {
  view.paint(experiment.lattice);
  readings.showNow(experiment);
  readings.showEstimates(experiment);
  readings.showRepeat(experiment, whyNotRepeatable());
  const up = (100 * (1 + experiment.lattice.magnetization / settings.size ** 2)) / 2;
  view.describe(`Lattice of ${settings.size} by ${settings.size} spins, ${up.toFixed(0)} % of them up`);
}

function whyNotRepeatable(): string | undefined {
  if (!unchanged) return "Conditions changed on the way. Reset starts a run that one call repeats.";
  return running ? "Pause, and a program that repeats this picture to the bit stands here." : undefined;
}

function setRunning(value: boolean, status: string): void {
  running = value;
  runButton.textContent = running ? "Pause" : "Run";
  byId("status").textContent = status;
  showAll();
}

function conditionsChanged(): void {
  unchanged = experiment.lattice.sweeps === 0 && unchanged;
  experiment.conditionsChanged();
  readings.showExact();
  remember();
  showAll();
}

async function reset(status: string): Promise<void> {
  experiment = new Experiment(await makeLattice());
  unchanged = true;
  readings.showExact();
  remember();
  setRunning(running, status);
}

function remember(): void {
  history.replaceState(null, "", fragmentOf(settings));
}
