import { el } from "./dom.ts";
import type { Schema, Setting, Values } from "./settings.ts";

/** The form of a demo's settings. */
export class Controls<S extends Schema> {
  readonly form = el("form", { class: "controls", "aria-label": "Settings" });
  readonly #fields = new Map<string, Field>();

  /** Builds a field for each setting; `changed` is called with the values as the form says them. */
  constructor(schema: S, values: Values<S>, changed: (name: keyof S & string) => void) {
    // Enter in a field would otherwise send the form and load the page anew.
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const [name, setting] of Object.entries(schema)) {
      const field = fieldOf(name, setting, (value) => {
        (values as Record<string, unknown>)[name] = value;
        changed(name);
      });
      this.#fields.set(name, field);
      this.form.append(field.element);
    }
    this.show(values);
  }

  /** Puts values into the form. */
  show(values: Values<S>): void {
    for (const [name, field] of this.#fields) field.show(String(values[name]));
  }

  /** Returns what stands around one setting, for a demo to add to. */
  field(name: keyof S & string): HTMLElement {
    return this.#fields.get(name)!.element;
  }

  /** Writes what stands under a setting. */
  hint(name: keyof S & string, hint: string): void {
    const { element } = this.#fields.get(name)!;
    const written = element.querySelector(".hint") ?? el("p", { class: "hint" });
    if (written.textContent !== hint) written.textContent = hint;
    if (hint !== "") element.append(written);
  }
}

interface Field {
  readonly element: HTMLElement;
  show(value: string): void;
}

type Change = (value: string | number) => void;

function fieldOf(name: string, setting: Setting<string | number>, change: Change): Field {
  const { control } = setting;
  const field =
    control.kind === "choice"
      ? choices(name, setting, control.options, change)
      : control.kind === "text"
        ? area(name, setting, control, change)
        : number(name, setting, control, change);
  if (setting.hint) field.element.append(el("p", { class: "hint" }, setting.hint));
  return field;
}

function number(
  name: string,
  setting: Setting<string | number>,
  control: Extract<Setting<number>["control"], { kind: "range" | "number" }>,
  change: Change,
): Field {
  const { min, max, step, kind, show = String } = control;
  const input = el("input", { type: kind, id: name, name, min, max, step, inputmode: "decimal" });
  const output = el("output", { for: name, class: "value" });
  const write = () => {
    output.textContent = show(input.valueAsNumber);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  let last = "";
  // A slider speaks at once; a number is read when it is finished.
  input.addEventListener(kind === "range" ? "input" : "change", () => {
    const value = setting.read(input.value);
    if (value === undefined) input.value = last;
    else change(value);
    last = input.value;
    if (kind === "range") write();
  });
  const label = el("label", { for: name }, setting.label);
  const parts = kind === "range" ? [label, output, el("div", { class: "slider" }, input)] : [label, input];
  return {
    element: el("div", { class: `field ${kind}` }, ...parts),
    show(value) {
      input.value = last = value;
      if (kind === "range") write();
    },
  };
}

function choices(
  name: string,
  setting: Setting<string | number>,
  options: readonly (readonly [string, string])[],
  change: Change,
): Field {
  const row = el("div", { class: "choices" });
  const inputs = options.map(([value, text]) => {
    const input = el("input", { type: "radio", name, value });
    input.addEventListener("change", () => change(value));
    row.append(el("label", {}, input, el("span", {}, text)));
    return input;
  });
  return {
    element: el("fieldset", { class: "field" }, el("legend", {}, setting.label), row),
    show(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

function area(
  name: string,
  setting: Setting<string | number>,
  { maxLength, rows }: { maxLength: number; rows: number },
  change: Change,
): Field {
  // No maxlength: it would cut off the end of what is pasted without a word.
  const attributes = { id: name, name, rows, spellcheck: "false", autocomplete: "off" };
  const input = rows === 1 ? el("input", { type: "text", ...attributes }) : el("textarea", attributes);
  input.addEventListener("change", () => {
    const { length } = input.value;
    const fits = setting.read(input.value) !== undefined;
    input.setCustomValidity(fits ? "" : `${length} characters, expected at most ${maxLength}`);
    if (fits) change(input.value);
    else input.reportValidity();
  });
  return {
    element: el("div", { class: "field text" }, el("label", { for: name }, setting.label), input),
    show(value) {
      input.value = value;
    },
  };
}
