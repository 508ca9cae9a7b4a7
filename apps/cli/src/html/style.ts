/** The style sheet of reports: one column of text, pictures as wide as they need, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --ground: #fbfaf7; --line: #dcd8cf; --accent: #0b6e6e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e4de; --soft: #9aa4b1; --ground: #14181d; --line: #2f363f; --accent: #5cc4bd; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
header, main { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; }
h1 { font-size: clamp(1.8rem, 5vw, 2.6rem); line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.5rem; }
h2 { font-size: 1.35rem; letter-spacing: -0.01em; margin: 0 0 0.5rem; }
p { max-width: 44rem; margin: 0 0 1rem; }
.lead, .method, figcaption { color: var(--soft); }
.method, figcaption { font-size: 0.875rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0.75rem 0; border-block: 1px solid var(--line); }
a { color: var(--accent); text-underline-offset: 0.2em; }
section { padding: 2.5rem 0 1.5rem; border-bottom: 1px solid var(--line); }
.figures { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; margin: 1.25rem 0; }
figure { margin: 0; }
.frame { position: relative; }
.frame img { display: block; width: 100%; height: auto; border-radius: 3px; }
.frame svg { display: block; width: 100%; height: auto; }
.overlay { position: absolute; inset: 0; color: white; }
.overlay svg { height: 100%; }
figcaption { margin-top: 0.5rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin-bottom: 1rem; }
th, td { text-align: left; padding: 0.3rem 1.5rem 0.3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { color: var(--soft); font-weight: 500; font-size: 0.875rem; }
tbody th { font-weight: 400; white-space: normal; }
pre { max-width: 100%; white-space: pre-wrap; overflow-wrap: anywhere; background: color-mix(in srgb, var(--ink) 6%, transparent); padding: 0.75rem 1rem; border-radius: 4px; overflow-x: auto; }
h3 { font-size: 1rem; margin: 1.5rem 0 0; }
.wide header, .wide main { max-width: 74rem; }
.numbers td, .numbers thead th { text-align: right; padding: 0.3rem 0 0.3rem 1.75rem; }
.numbers tbody th { padding-right: 0; }
.alarm { color: #d9480f; font-weight: 600; }
.row { display: grid; grid-template-columns: 520fr 272fr 272fr; gap: 0.25rem 1.5rem; margin: 0; }
.pairs { display: grid; grid-template-columns: repeat(3, minmax(0, 300px)); gap: 0.75rem 1.5rem; }
@media (max-width: 44rem) { .row { grid-template-columns: 1fr; } .row figure { max-width: 520px; } }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; margin: 0 0 1rem; list-style: none; font-size: 0.875rem; }
.legend li::before { content: ""; display: inline-block; width: 1.25rem; margin-right: 0.5rem; border-top: 3px solid var(--mark); vertical-align: 0.3em; }
.verdict { border-left: 3px solid var(--accent); padding: 0.25rem 0 0.25rem 1rem; max-width: 44rem; margin: 1rem 0 1.5rem; list-style: none; }
.verdict.bad { border-color: #d9480f; }
.verdict li + li { margin-top: 0.5rem; }
`;
