import { existsSync } from "node:fs";
import { join, matchesGlob, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { SatteriProcessorOptions } from "@astrojs/markdown-satteri";
import temml from "temml";
import { patterns, routeOf, targetOf } from "./routes.ts";

type Plugin = NonNullable<SatteriProcessorOptions["mdastPlugins"]>[number];

const root = resolve(import.meta.dirname, "../../../..");

/**
 * Points links between Markdown files at their pages under `base`, and keeps only the text of links to what is no page.
 */
export function linksTo(base: string): Plugin {
  return {
    name: "links-between-pages",
    link(node, context) {
      if (context.fileURL === undefined) return;
      const target = targetOf(node.url, relative(root, fileURLToPath(context.fileURL)));
      if (target === undefined) return;
      const page = pageAt(target.path);
      if (page === undefined) context.replaceNode(node, [...node.children]);
      else context.setProperty(node, "url", `${base}${page}/${target.fragment}`);
    },
  };
}

function pageAt(path: string): string | undefined {
  const file = [path, join(path, "README.md")].find(
    (candidate) =>
      existsSync(join(root, candidate)) && patterns.some((pattern) => matchesGlob(candidate, pattern)),
  );
  return file === undefined ? undefined : routeOf(file);
}

/** Turns formulas into MathML, which needs no style sheet, no font and no style attributes. */
export const formulas: Plugin = {
  name: "formulas",
  math: (node) => ({ type: "html", value: `<div class="formula">${mathml(node.value, true)}</div>` }),
  inlineMath: (node) => ({ type: "html", value: mathml(node.value, false) }),
};

const mathml = (formula: string, displayMode: boolean): string =>
  temml.renderToString(formula, { displayMode, throwOnError: true });
