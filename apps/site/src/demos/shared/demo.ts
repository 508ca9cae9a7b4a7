import { openPool, type WorkerPool, webWorker } from "@basin/energy-core/run";
import { Controls } from "./controls.ts";
import { button, el } from "./dom.ts";
import { resolved } from "./plot.ts";
import { fragmentOf, readSettings, type Schema, settingsOfFragment, type Values } from "./settings.ts";
import { onLook, theme } from "./theme.ts";

type Jobs = Readonly<Record<string, (argument: never, report: never) => unknown>>;

const calmPause = 500;

/** What the class of a demo says about it. */
export interface DemoPlan<S extends Schema> {
  /** The module of its worker, and its folder. */
  readonly name: string;
  readonly schema: S;
  readonly style?: CSSStyleSheet;
  /** Whether it has a loop that runs, pauses and steps. */
  readonly loops: boolean;
}

/**
 * A demo as a custom element: settings from its attributes, and with the attribute `share` also from and to the page's
 * fragment; with `source` a link to its source; a worker for the computing; a loop that runs while the element is in
 * view and rests where less motion is asked for. Its own parts go into `stage`, `side` and `check`.
 */
export abstract class Demo<S extends Schema, J extends Jobs> extends HTMLElement {
  /** Makes the worker of every demo of this class. Where the worker's file lies depends on the bundle. */
  static createWorker: () => Worker;

  protected readonly stage = el("div", { class: "stage" });
  protected readonly side = el("div", { class: "side" });
  protected readonly check = el("div", { class: "check" });
  protected readonly settings: Values<S>;
  protected readonly controls: Controls<S>;
  readonly #plan: DemoPlan<S>;
  readonly #buttons = el("div", { class: "buttons" });
  readonly #status = el("p", { class: "status", role: "status" });
  readonly #foot = el("div", { class: "foot" });
  readonly #shareButton = button("Copy link", () => void this.#share(), { class: "link" });
  readonly #run: HTMLButtonElement;
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #view = new IntersectionObserver(([entry]) => {
    this.#seen = entry.isIntersecting;
  });
  #look: { stop: () => void } | undefined;
  #pool: WorkerPool | undefined;
  #running = false;
  #seen = false;
  /** The age of the turn that is under way, −1 for none. */
  #turning = -1;
  #lastFrame = 0;
  /** Counts restarts, so that an answer to an older question is dropped. */
  #age = 0;
  #begun: Promise<void> = Promise.resolve();

  constructor(plan: DemoPlan<S>) {
    super();
    this.#plan = plan;
    this.settings = readSettings(plan.schema, () => null);
    this.controls = new Controls(plan.schema, this.settings, (name) => this.#change(name));
    this.#run = button("Run", () => this.setRunning(!this.#running), { class: "primary" });
    this.#build();
  }

  #build(): void {
    const root = this.attachShadow({ mode: "open" });
    const { style, loops } = this.#plan;
    root.adoptedStyleSheets = style ? [theme, style] : [theme];
    if (loops)
      this.#buttons.append(
        this.#run,
        button("Step", () => void this.#step()),
      );
    this.#buttons.append(button("Reset", () => this.reset()));
    this.side.append(this.#buttons, this.#status, this.controls.form);
    root.append(el("div", { class: "demo" }, this.stage, this.side, this.check, this.#foot));
  }

  connectedCallback(): void {
    this.readAddress();
    const source = this.getAttribute("source");
    const links: HTMLElement[] = source === null ? [] : [el("a", { href: source }, "Source of this demo")];
    // Only where the page's fragment is read does a link to it say anything.
    if (this.hasAttribute("share")) links.unshift(this.#shareButton);
    this.#foot.replaceChildren(...links);
    this.#foot.hidden = links.length === 0;
    this.#look = onLook(() => this.isConnected && this.paint());
    this.#view.observe(this);
    this.restart();
    if (this.#plan.loops) {
      const resting = this.#calm.matches || this.hasAttribute("paused");
      this.setRunning(!resting, resting ? "Paused. Run starts it." : "Running.");
      requestAnimationFrame(this.#frame);
    }
  }

  /** Takes and shows the settings of the attributes, and those of the fragment where it is shared. */
  readAddress(fragment = location.hash): void {
    const { schema } = this.#plan;
    const given = readSettings(schema, (name) => this.getAttribute(name));
    const shared = this.hasAttribute("share") ? settingsOfFragment(schema, fragment, given) : given;
    Object.assign(this.settings, shared);
    this.controls.show(this.settings);
  }

  disconnectedCallback(): void {
    this.#look?.stop();
    this.#view.disconnect();
    this.closeWorker();
  }

  /** Begins anew under the settings: asks the worker for a first state and shows it. */
  protected abstract begin(): Promise<void>;
  /** One turn of the loop. */
  protected async turn(): Promise<void> {}
  /** Paints everything anew, in the colors and the size of now. */
  protected abstract paint(): void;
  /** A setting was changed by the visitor. */
  protected changed(_name: keyof S & string): void {
    this.restart();
  }

  /** Changes a setting as the visitor would in the form. */
  protected set<K extends keyof S & string>(name: K, value: Values<S>[K]): void {
    this.settings[name] = value;
    this.controls.show(this.settings);
    this.#change(name);
  }

  #change(name: keyof S & string): void {
    this.changed(name);
    this.#remember();
  }

  /** Begins anew; a failure is shown in the page. */
  protected restart(): void {
    this.#age++;
    this.#begun = this.guarded(() => this.begin());
  }

  protected reset(): void {
    Object.assign(
      this.settings,
      readSettings(this.#plan.schema, (name) => this.getAttribute(name)),
    );
    this.controls.show(this.settings);
    this.#remember();
    this.say("Started anew.");
    this.restart();
  }

  /** Runs `work`, and shows what it throws unless something newer has begun. */
  protected async guarded(work: () => Promise<void>): Promise<void> {
    const age = this.#age;
    try {
      await work();
    } catch (error) {
      if (age !== this.#age || !this.isConnected) return;
      this.setRunning(false, error instanceof Error ? error.message : String(error), true);
    }
  }

  /** Calls a function of the demo's worker; the answer to a question from before a restart never comes. */
  protected async call<K extends keyof J & string>(
    name: K,
    argument: Parameters<J[K]>[0],
    onReport?: (value: never) => void,
  ): Promise<Awaited<ReturnType<J[K]>>> {
    const age = this.#age;
    const { createWorker } = this.constructor as typeof Demo;
    this.#pool ??= openPool({ createWorker: () => webWorker(createWorker()) });
    const job = { module: this.#plan.name, function: name, argument };
    const current = () => age === this.#age && this.isConnected;
    const report = onReport && ((value: unknown) => current() && onReport(value as never));
    try {
      const answer = await this.#pool.call<Awaited<ReturnType<J[K]>>>(0, job, report);
      return current() ? answer : await new Promise<never>(() => {});
    } catch (error) {
      if (!current()) return await new Promise<never>(() => {});
      const { cause } = error as Error;
      throw cause instanceof Error ? cause : error;
    }
  }

  /** Stops the worker at once; the next call starts another. */
  protected closeWorker(): void {
    this.#age++;
    this.#pool?.close();
    this.#pool = undefined;
  }

  protected get running(): boolean {
    return this.#running;
  }

  protected setRunning(running: boolean, status = running ? "Running." : "Paused.", failed = false): void {
    this.#running = running;
    this.#run.textContent = running ? "Pause" : "Run";
    this.say(status, failed);
  }

  /** Says something in the line under the buttons. */
  protected say(status: string, failed = false): void {
    this.#status.classList.toggle("error", failed);
    this.#status.textContent = status;
  }

  /** Adds a button beside Reset. */
  protected addButton(text: string, pressed: () => void): HTMLButtonElement {
    const made = button(text, pressed);
    this.#buttons.append(made);
    return made;
  }

  /** Returns a color of the theme as red, green and blue of 0 to 255. */
  protected color(property: string): [red: number, green: number, blue: number] {
    const [red, green, blue] = resolved(this.#status, property)
      .match(/[\d.]+/g)!
      .map(Number);
    return [red, green, blue];
  }

  readonly #frame = (now: number): void => {
    if (!this.isConnected) return;
    requestAnimationFrame(this.#frame);
    const rest = this.#calm.matches && now - this.#lastFrame < calmPause;
    if (!this.#running || !this.#seen || this.#turning === this.#age || rest) return;
    this.#lastFrame = now;
    void this.#turnOnce();
  };

  async #turnOnce(): Promise<void> {
    const age = this.#age;
    this.#turning = age;
    await this.guarded(() => this.turn());
    if (this.#turning === age) this.#turning = -1;
  }

  async #step(): Promise<void> {
    this.setRunning(false, "Paused after one more step.");
    // Pressed while the first state is still under way, it is taken when that is there.
    await this.#begun;
    await this.guarded(() => this.turn());
  }

  #remember(): void {
    if (!this.hasAttribute("share")) return;
    history.replaceState(null, "", fragmentOf(this.#plan.schema, this.settings));
  }

  async #share(): Promise<void> {
    const address = new URL(fragmentOf(this.#plan.schema, this.settings), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      this.say("The link is on the clipboard.");
    } catch {
      // Without permission for the clipboard the address bar holds it.
      location.hash = new URL(address).hash;
      this.say("The link is in the address bar.");
    }
  }
}
