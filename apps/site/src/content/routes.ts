/** The Markdown of the repository that the site shows, as patterns from the repository's root. */
export const patterns = [
  "docs/**/*.md",
  "packages/*/README.md",
  "internal/datasets/models/README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "apps/site/.reference/**/*.md",
];

/**
 * Returns the route of a Markdown file without slashes at its ends, such as "course/energy" for docs/course/energy.md.
 *
 * @param file path from the repository's root
 */
export function routeOf(file: string): string {
  const reference = /^apps\/site\/\.reference\/(.*)\.md$/.exec(file);
  const page = reference
    ? `reference/${reference[1]}`
    : file
        .toLowerCase()
        .replace(/^(docs|internal\/datasets)\//, "")
        .replace(/\.md$/, "");
  return page.replace(/\/(readme|index)$/, "");
}

/**
 * Returns what follows "../" or "#" of a link's target in Markdown: a path from the repository's root, and a fragment.
 */
export function targetOf(url: string, file: string): { path: string; fragment: string } | undefined {
  if (/^([a-z][a-z+.-]*:|\/\/|#)/i.test(url)) return undefined;
  const { pathname, hash } = new URL(url, `repository:/${file}`);
  return { path: decodeURIComponent(pathname.slice(1)).replace(/\/$/, ""), fragment: hash };
}
