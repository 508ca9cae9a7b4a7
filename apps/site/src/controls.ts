import { onsager } from "@basin/ising";
import { algorithmNames, algorithms, type Settings, sizes, starts, sweepsPerPicture } from "./settings.ts";

const { criticalTemperature } = onsager;

/** Returns the element of the page with this id. */
export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element "${id}"`);
  return element as T;
}

const hints: Readonly<Record<Settings["algorithm"], string>> = {
  metropolis: "Flips spins one by one, 128 to an instruction. Slow to forget near the critical temperature.",
  "heat-bath":
    "Draws each spin from its law given its neighbors. Slow to forget near the critical temperature.",
  wolff: "Grows a cluster of like spins and flips it whole: the way through the critical temperature.",
};

/** What the page does when the visitor changes something. */
export interface ControlHandlers {
  /** The temperature changed: the run goes on under new conditions. */
  temperatureChanged(): void;
  /** The algorithm changed: the run goes on from the spins of now. */
  algorithmChanged(): void;
  /** Something changed that the run must begin anew for. */
  restart(): void;
  /** Nothing but the pace changed. */
  paceChanged(): void;
}

/** Fills the form from `settings` and keeps `settings` as the form says from then on. */
export function connectControls(settings: Settings, handlers: ControlHandlers): void {
  connectTemperature(settings, handlers);
  choices("size", sizes, (size) => `${size}²`, settings, handlers.restart);
  choices("start", starts, String, settings, handlers.restart);
  connectAlgorithmAndPace(settings, handlers);
  // Enter in a field would otherwise send the form and load the page anew.
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  const seed = byId<HTMLInputElement>("seed");
  seed.value = String(settings.seed);
  seed.addEventListener("change", () => {
    if (!seed.checkValidity() || seed.value === "") seed.value = String(settings.seed);
    settings.seed = seed.valueAsNumber;
    handlers.restart();
  });
}

function connectTemperature(settings: Settings, handlers: ControlHandlers): void {
  const slider = byId<HTMLInputElement>("temperature");
  const show = () => {
    const temperature = settings.temperature.toFixed(2);
    const ratio = (settings.temperature / criticalTemperature).toFixed(2);
    byId("temperature-value").textContent = temperature;
    byId("temperature-ratio").textContent = ratio;
    slider.setAttribute("aria-valuetext", `${temperature}, ${ratio} times critical`);
  };
  const set = (value: number) => {
    settings.temperature = value;
    show();
    handlers.temperatureChanged();
  };
  slider.value = String(settings.temperature);
  slider.addEventListener("input", () => set(slider.valueAsNumber));
  byId("critical-button").addEventListener("click", () => {
    slider.value = String(criticalTemperature);
    set(criticalTemperature);
  });
  show();
}

function connectAlgorithmAndPace(settings: Settings, handlers: ControlHandlers): void {
  const speed = byId<HTMLInputElement>("speed");
  const show = () => {
    const pace = String(sweepsPerPicture(settings));
    byId("speed-label").textContent = settings.algorithm === "wolff" ? "Clusters a frame" : "Sweeps a frame";
    byId("speed-value").textContent = pace;
    speed.setAttribute("aria-valuetext", pace);
    byId("algorithm-hint").textContent = hints[settings.algorithm];
  };
  choices(
    "algorithm",
    algorithms,
    (name) => algorithmNames[name],
    settings,
    () => {
      show();
      handlers.algorithmChanged();
    },
  );
  speed.value = String(settings.speed);
  speed.addEventListener("input", () => {
    settings.speed = speed.valueAsNumber;
    show();
    handlers.paceChanged();
  });
  show();
}

/** Builds a row of radio buttons for one setting. */
function choices<K extends "size" | "algorithm" | "start">(
  key: K,
  known: readonly Settings[K][],
  label: (value: Settings[K]) => string,
  settings: Settings,
  changed: () => void,
): void {
  const row = byId(key);
  for (const value of known) {
    const choice = document.createElement("label");
    const input = document.createElement("input");
    const text = document.createElement("span");
    input.type = "radio";
    input.name = key;
    input.value = String(value);
    input.checked = settings[key] === value;
    input.addEventListener("change", () => {
      settings[key] = value;
      changed();
    });
    text.textContent = label(value);
    choice.append(input, text);
    row.append(choice);
  }
}
