import { CapabilityError } from "../errors.ts";

/** What runs need of a platform, declared here so that no package needs the types of Node or of the DOM. */

// Node, browsers and workers all have these, but no one library of types covers them.
declare const performance: { now(): number };
declare const setTimeout: (callback: () => void, milliseconds: number) => unknown;
declare const URL: new (path: string, base: string) => { readonly href: string };

/** What Node alone has. */
const node = globalThis as {
  setImmediate?(callback: () => void): unknown;
  process?: { getBuiltinModule?(name: string): unknown };
};

/**
 * Returns milliseconds since some fixed moment, for measuring how long things take.
 */
export function now(): number {
  return performance.now();
}

/**
 * Resolves after timers, messages and rendering have had their turn.
 */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    if (node.setImmediate) node.setImmediate(() => resolve());
    else setTimeout(resolve, 0);
  });
}

/**
 * Returns a module of Node's, without an import that bundlers for browsers would have to resolve.
 *
 * @throws {CapabilityError} outside Node.
 */
export function nodeModule<T>(name: string, purpose: string): T {
  const found = node.process?.getBuiltinModule?.(name);
  if (found === undefined) throw new CapabilityError(`${purpose} needs Node, and this is another platform`);
  return found as T;
}

/**
 * Returns the URL of the module `name` that lies beside the module at `here`, for threads to import: sources run
 * untranspiled in the workspace and as .js once published.
 *
 * @example
 * ```ts
 * import { moduleBeside } from "@basin/energy-core/run";
 *
 * console.log(moduleBeside("file:///lib/run.js", "job")); // file:///lib/job.js
 * ```
 */
export function moduleBeside(here: string, name: string): string {
  return new URL(`./${name}${here.endsWith(".ts") ? ".ts" : ".js"}`, here).href;
}
