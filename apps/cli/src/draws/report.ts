import type { Draws, StateArray } from "@basin/samplers";
import { LEAST_ESS, WORST_R_HAT } from "@basin/samplers/internal";
import { chainColor } from "../charts/chains.ts";
import { Page } from "../html/page.ts";
import { energyFigures, forestFigures, isPlottable, pairFigures, quantityFigures } from "./panels.ts";
import { type DrawSummary, sizeOf, summaryTables } from "./summary.ts";

/** The most quantities that are plotted against each other. */
const PAIRED = 4;
/** The most rows of the table and of the forest plot. */
const ROWS = 200;

/** Returns the report of draws, with plots of the named quantities, as one HTML document without external files. */
export function drawReport(
  draws: Draws<StateArray>,
  found: DrawSummary,
  plotted: readonly string[],
  warnings: readonly string[],
): string {
  const page = new Page(`Draws: ${sizeOf(found)}`, "wide");
  const sections = sectionsOf(page, draws, found, plotted);
  const by = draws.kernel === "file" ? "" : ` by ${draws.kernel}, seed ${draws.seed}`;
  return page.render(
    page.element(
      "header",
      {},
      page.element("h1", {}, `${sizeOf(found)}${by}`),
      verdict(page, warnings),
      page.contents(sections),
    ),
    page.element(
      "main",
      {},
      ...sections.map(({ id, title, lead, parts }) =>
        page.element(
          "section",
          { id },
          page.element("h2", {}, title),
          page.element("p", { class: "lead" }, lead),
          ...parts,
        ),
      ),
    ),
  );
}

function verdict(page: Page, warnings: readonly string[]): HTMLElement {
  if (warnings.length === 0)
    return page.element("p", { class: "verdict" }, "No diagnostic speaks against these draws.");
  const items = warnings.map((warning) => page.element("li", {}, warning));
  return page.element("ul", { class: "verdict bad" }, ...items);
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly parts: readonly HTMLElement[];
}

function sectionsOf(
  page: Page,
  draws: Draws<StateArray>,
  found: DrawSummary,
  plotted: readonly string[],
): Section[] {
  const [quantities, chains] = summaryTables(found);
  const rest = quantities.rows.length - ROWS;
  const cut = rest > 0 ? ` The first ${ROWS} quantities; ${rest} more are in the text of the command.` : "";
  const drawn = plotted.filter((name) => isPlottable(draws, name));
  const still = plotted.filter((name) => !drawn.includes(name));
  const undrawn = still.length > 0 ? ` No plot is defined for ${still.join(", ")}.` : "";
  const panels = drawn.flatMap((name) => [
    page.element("h3", {}, name),
    page.figures(quantityFigures(draws, name), { class: "figures row" }),
  ]);
  const energies = energyFigures(draws);
  const sections: (Section | undefined)[] = [
    {
      ...{ id: "summary", title: "Summary", lead: `${LEADS.summary}${cut}` },
      parts: [
        page.table(quantities.head, quantities.rows.slice(0, ROWS), "numbers", (name, title) =>
          isBad(found, name, title),
        ),
      ],
    },
    {
      ...{ id: "forest", title: "Forest", lead: LEADS.forest },
      parts: [legend(page, found.chains), page.figures(forestFigures(draws, draws.names.slice(0, ROWS)))],
    },
    {
      ...{ id: "quantities", title: "Traces, ranks and autocorrelations" },
      ...{ lead: `${LEADS.quantities}${undrawn}`, parts: panels },
    },
    drawn.length < 2
      ? undefined
      : {
          ...{ id: "pairs", title: "Pairs", lead: LEADS.pairs },
          parts: [page.figures(pairFigures(draws, drawn.slice(0, PAIRED)), { class: "pairs" })],
        },
    energies.length === 0
      ? undefined
      : { id: "energies", title: "Energies", lead: LEADS.energies, parts: [page.figures(energies)] },
    chains && {
      ...{ id: "chains", title: "Chains", lead: LEADS.chains },
      parts: [page.table(chains.head, chains.rows, "numbers")],
    },
  ];
  return sections.filter((section) => section !== undefined);
}

/** Whether the warnings are about a figure of the summary. */
function isBad({ summary, chains }: DrawSummary, name: string, title: string): boolean {
  const { rHat, essBulk, essTail } = summary[name];
  if (title === "R-hat") return rHat > WORST_R_HAT;
  const ess = { "ESS bulk": essBulk, "ESS tail": essTail }[title];
  return ess !== undefined && ess < LEAST_ESS * chains;
}

function legend(page: Page, chains: number): HTMLElement {
  const items = Array.from({ length: Math.min(chains, 10) }, (_, k) =>
    page.element(
      "li",
      { style: `--mark: ${chainColor(k)}` },
      `chain ${k}${k === 9 && chains > 10 ? " …" : ""}`,
    ),
  );
  return page.element("ul", { class: "legend" }, ...items);
}

const LEADS = {
  summary:
    "The standard error is that of the mean (MCSE). Trust a row where R-hat is at most 1.01 and both effective sample sizes are at least 100 a chain.",
  forest: "Medians with the middle 90 % of the draws: all chains thick, each chain in its color below.",
  quantities:
    "Left, the draws in order, with divergences as marks below. In the middle, the ranks among the draws of all chains: lines of chains that agree stay about the dashed one, nearly all within the band where draws are independent. Right, the correlation of draws some lags apart.",
  pairs:
    "Draws of two quantities against each other; the orange ones diverged. Where these gather, the energy bends too sharply for the step size.",
  energies:
    "Energies about the mean of their chain, and how far they move from one draw to the next. Steps much narrower than the energies mean slow exploration of the tails.",
  chains: "How each chain ran.",
} as const;
