import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { importsOf } from "./layers.ts";

/**
 * Returns the circles of imports within the sources of each package, as "packages/x/src: a.ts → b.ts → a.ts". An import
 * of types alone counts: two files that need each other to be read are one concept in two places.
 *
 * @param root folder of the workspace, with `packages/*`, `internal/*` and `apps/*`
 */
export function importCircles(root: string): string[] {
  return globSync(join(root, "{packages,internal,apps}/*/src"))
    .sort()
    .flatMap((source) => circlesIn(source).map((circle) => `${relative(root, source)}: ${circle}`));
}

function circlesIn(source: string): string[] {
  const circles: string[] = [];
  const path: string[] = [];
  const done = new Set<string>();
  const follow = (file: string): void => {
    if (done.has(file)) return;
    const since = path.indexOf(file);
    if (since >= 0) {
      circles.push([...path.slice(since), file].map((each) => relative(source, each)).join(" → "));
      return;
    }
    path.push(file);
    const own = importsOf(readFileSync(file, "utf8")).filter((specifier) => /^\..*\.ts$/.test(specifier));
    for (const specifier of own) follow(resolve(dirname(file), specifier));
    path.pop();
    done.add(file);
  };
  for (const file of globSync(join(source, "**/*.ts")).sort()) follow(file);
  return circles;
}
