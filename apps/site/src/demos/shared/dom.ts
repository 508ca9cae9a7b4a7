type Child = Node | string;

/**
 * Returns a new element with these attributes (false leaves one out) and children; strings become text, never markup.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** Returns a button that calls `pressed`. */
export function button(text: string, pressed: () => void, attributes: Record<string, string> = {}) {
  const element = el("button", { type: "button", ...attributes }, text);
  element.addEventListener("click", pressed);
  return element;
}

/** Returns a style sheet for a shadow root; one from a script needs no permission for inline styles. */
export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** Writes a number as print does, with a true minus sign; NaN as a dash. */
export function fixed(value: number, digits: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(digits).replace("-", "−").replace("Infinity", "∞");
}

/** Writes an estimate with as many digits as its error lets stand. */
export function withError({ mean, standardError }: { mean: number; standardError: number }): string {
  if (!(standardError > 0) || !Number.isFinite(standardError)) return fixed(mean, 4);
  const digits = Math.min(6, Math.max(1, 1 - Math.floor(Math.log10(standardError))));
  return `${fixed(mean, digits)} ± ${fixed(standardError, digits)}`;
}
