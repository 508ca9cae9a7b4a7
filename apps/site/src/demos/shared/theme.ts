import { sheet } from "./dom.ts";

/** Calls `repaint` before the next frame whenever the theme or the size of the page changes, until `stop` is called. */
export function onLook(repaint: () => void): { stop: () => void } {
  const soon = () => requestAnimationFrame(repaint);
  const page = new MutationObserver(soon);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  page.observe(document.documentElement, { attributes: true });
  dark.addEventListener("change", soon);
  addEventListener("resize", soon);
  const stop = () => {
    page.disconnect();
    dark.removeEventListener("change", soon);
    removeEventListener("resize", soon);
  };
  return { stop };
}

/**
 * Colors, type and layout of every demo. `light-dark` follows the `color-scheme` that the page sets, whatever sets it.
 */
export const theme = sheet(`
:host {
  --paper: light-dark(#faf8f3, #11151b);
  --panel: light-dark(#ffffff, #181e27);
  --ink: light-dark(#1f2733, #e9e5da);
  --quiet: light-dark(#5c6470, #a3a9b3);
  --rule: light-dark(#ddd8cc, #2d3542);
  --edge: light-dark(#918b7c, #667283);
  --up: light-dark(#24456e, #ecc48d);
  --down: light-dark(#ecdfc4, #22334a);
  --accent: light-dark(#b4491f, #f08a5d);
  --good: light-dark(#2a6b4a, #7fc79f);
  --third: light-dark(#3f8577, #6fbfae);
  --fourth: light-dark(#8152a3, #bd9fe6);
  --button: light-dark(#24456e, #ecc48d);
  --button-ink: light-dark(#ffffff, #1b1408);
  --serif: ui-serif, Georgia, "Times New Roman", serif;
  display: block;
  container-type: inline-size;
  font: 1rem/1.5 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  text-align: left;
  color: var(--ink);
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]) { display: none; }
[hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
.demo {
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 1.25rem;
  padding: clamp(0.9rem, 3cqi, 1.5rem);
  border: 1px solid var(--rule);
  border-radius: 10px;
  background: var(--paper);
}
@container (min-width: 46rem) {
  .demo {
    grid-template-columns: minmax(0, 1fr) 19rem;
    grid-template-areas: "stage side" "check check" "foot foot";
    column-gap: 2rem;
  }
  .stage { grid-area: stage; }
  .side { grid-area: side; }
  .check { grid-area: check; }
  .foot { grid-area: foot; }
}
.stage, .side, .controls { display: flex; flex-direction: column; gap: 0.9rem; min-width: 0; }
figure { margin: 0; min-width: 0; }
figcaption, .hint, .status, .note { color: var(--quiet); font-size: 0.875rem; line-height: 1.4; }
p { margin: 0; }
h2 { margin: 0 0 0.4rem; font: 600 1.1rem/1.2 var(--serif); letter-spacing: -0.01em; }
canvas { display: block; width: 100%; border-radius: 4px; }
canvas.square { aspect-ratio: 1; }
canvas.pixels { image-rendering: pixelated; background: var(--down); }
canvas[tabindex] { touch-action: none; cursor: crosshair; }
.drop { outline: 2px dashed var(--accent); outline-offset: 4px; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
.caption { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 0.5rem; }
.key { display: inline-flex; gap: 0.4rem; align-items: center; }
.key::before {
  content: "";
  width: 0.8rem;
  height: 0.8rem;
  border-radius: 2px;
  border: 1px solid var(--rule);
  background: var(--key);
}
.count { margin-left: auto; font-variant-numeric: tabular-nums; }
.key.ink { --key: var(--ink); }
.key.quiet { --key: var(--quiet); }
.key.fourth { --key: var(--fourth); }
.key.up { --key: var(--up); }
.key.down { --key: var(--down); }
.key.accent { --key: var(--accent); }
.key.third { --key: var(--third); }
.key.good { --key: var(--good); }
button, textarea, .choices label, input[type="number"], input[type="text"] {
  font: inherit;
  color: inherit;
  min-height: 2.5rem;
  padding: 0.3rem 0.8rem;
  border: 1px solid var(--edge);
  border-radius: 6px;
  background: var(--panel);
}
button { cursor: pointer; }
button:disabled { opacity: 0.55; cursor: default; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.buttons button { flex: 1; white-space: nowrap; }
button.primary { background: var(--button); border-color: var(--button); color: var(--button-ink); font-weight: 600; }
button.link {
  justify-self: start;
  text-align: left;
  min-height: 0;
  padding: 0;
  border: 0;
  background: none;
  color: var(--accent);
  text-decoration: underline;
  text-underline-offset: 0.2em;
}
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.status { min-height: 1.25rem; }
.field { display: grid; grid-template-columns: 1fr auto; margin: 0; padding: 0; border: 0; min-width: 0; }
.field > :not(label, output, [type="number"]) { grid-column: 1 / -1; }
.field.number { align-items: center; }
.field label, legend { font-weight: 600; padding: 0; }
.field.text { gap: 0.35rem; }
textarea, input[type="text"] { width: 100%; font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.875rem; }
.value { font-variant-numeric: tabular-nums; }
.hint { margin-top: 0.25rem; }
input[type="range"] { width: 100%; height: 1.75rem; margin: 0; accent-color: var(--button); }
input[type="number"] { width: 9rem; min-height: 2.25rem; }
.choices { display: flex; flex-wrap: wrap; gap: 0.35rem; margin-top: 0.3rem; }
.choices label { position: relative; display: inline-flex; align-items: center; min-height: 2.1rem; padding: 0; font-weight: 400; cursor: pointer; }
.choices input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.choices span { padding: 0.2rem 0.7rem; border-radius: 5px; }
.choices input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; }
.choices input:checked + span { box-shadow: inset 0 0 0 2px var(--button); font-weight: 600; }
.start { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding: 0.75rem 0.9rem; border: 1px solid var(--rule); border-radius: 8px; background: var(--panel); }
.start .note { flex: 1 1 14rem; }
.check, .foot { border-top: 1px solid var(--rule); padding-top: 1rem; }
.check { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); align-items: start; }
.check > * { min-width: 0; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 0.3rem 0 0.3rem 0.75rem; border-bottom: 1px solid var(--rule); font-weight: 400; white-space: nowrap; }
thead th { color: var(--quiet); font-size: 0.875rem; }
th:first-child { text-align: left; padding-left: 0; }
tbody th { font-family: var(--serif); font-style: italic; }
tbody th.plain { font: inherit; }
.note + .note { margin-top: 0.4rem; }
abbr { text-decoration: none; }
.verdict { margin: 0.6rem 0; font-size: 0.9rem; }
.verdict::before { content: ""; display: inline-block; width: 0.65rem; height: 0.65rem; margin-right: 0.5rem; border-radius: 50%; background: var(--edge); }
.verdict[data-agrees="yes"]::before { background: var(--good); }
.verdict[data-agrees="no"]::before { background: var(--accent); }
.foot { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; font-size: 0.9rem; }
.error { color: var(--accent); }
@container (max-width: 30rem) {
  th, td { padding-left: 0.4rem; font-size: 0.875rem; }
}
`);
