import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Loader, LoaderContext } from "astro/loaders";
import { patterns, routeOf } from "./routes.ts";

const root = resolve(import.meta.dirname, "../../../..");

/**
 * Loads the repository's Markdown as it stands: the first heading is the title, the first paragraph the description.
 */
export const repositoryLoader: Loader = {
  name: "repository",
  load: async (context) => {
    context.store.clear();
    const files = globSync([...patterns], { cwd: root }).sort();
    for (const file of files) await add(file, context);
    context.watcher?.add(files.map((file) => join(root, file)));
    context.watcher?.on("change", (path) => {
      const file = relative(root, path);
      if (files.includes(file)) void add(file, context);
    });
  },
};

async function add(file: string, { config, parseData, renderMarkdown, store }: LoaderContext): Promise<void> {
  const path = join(root, file);
  const { title, body } = titleAndBody(await readFile(path, "utf8"), file);
  const id = routeOf(file);
  const data = await parseData({ id, data: { title, description: firstParagraph(body) }, filePath: path });
  const rendered = await renderMarkdown(body, { fileURL: pathToFileURL(path) });
  const filePath = relative(fileURLToPath(config.root), path);
  store.set({ id, data, body, filePath, rendered, assetImports: rendered.metadata?.imagePaths });
}

function titleAndBody(text: string, file: string): { title: string; body: string } {
  const heading = /^\s*# (.+)\n/.exec(text);
  if (heading === null) throw new Error(`${file}: expected a heading "# Title" first`);
  return { title: plain(heading[1]), body: text.slice(heading[0].length) };
}

function firstParagraph(body: string): string | undefined {
  const paragraph = body.split(/\n\s*\n/).find((part) => /^\s*[A-Za-z`[@]/.test(part));
  if (paragraph === undefined) return undefined;
  const text = plain(paragraph.trim().replace(/\s+/g, " "));
  return text.length <= 160 ? text : `${text.slice(0, text.lastIndexOf(" ", 158))} …`;
}

const plain = (markdown: string): string =>
  markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*$]|\\(?=[<>_])/g, "")
    .trim();
