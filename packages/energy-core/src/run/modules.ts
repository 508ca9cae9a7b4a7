import { ArgumentError } from "../errors.ts";

type Exports = Readonly<Record<string, unknown>>;

const provided = new Map<string, Exports | (() => Promise<Exports>)>();

/**
 * Registers `exports`, or a function that resolves to them on first use, as the module of a name, so that threads find
 * it by that name instead of a URL. Bundlers need this, because they leave no module at its own URL. Call it on the
 * page, and in a worker file that imports `@basin/energy-core/worker`, or that of a package whose calls the threads run
 * (`@basin/samplers/worker`, `@basin/ising/worker`, `@basin/hopfield/worker`, `@basin/jem/worker`).
 *
 * @example
 * ```ts no-run
 * // worker.ts, and the same without the first line in the page:
 * import "@basin/energy-core/worker";
 * import { provideModule } from "@basin/energy-core/run";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * provideModule("bowl", { default: gaussian({ dimension: 2 }) });
 * ```
 */
export function provideModule(name: string, exports: Exports | (() => Promise<Exports>)): void {
  provided.set(name, exports);
}

/**
 * Resolves to the exports of a module, by a name that was provided or by its URL.
 */
export async function loadModule(module: string): Promise<Exports> {
  const known = provided.get(module);
  if (known !== undefined) return typeof known === "function" ? known() : known;
  if (module.startsWith("@basin/"))
    throw new ArgumentError(`the worker's file does not import "${module}", which this call needs`);
  try {
    return (await import(/* @vite-ignore */ module)) as Exports;
  } catch (cause) {
    if (URL.canParse(module)) {
      throw new ArgumentError(`${module} cannot be loaded: ${(cause as Error)?.message ?? cause}`, { cause });
    }
    throw new ArgumentError(
      `"${module}" is neither the URL of a module nor a name given to provideModule; known names: ${[...provided.keys()].join(", ") || "none"}`,
      { cause },
    );
  }
}

// The library is compiled with neither Node's nor the DOM's types.
declare const URL: { canParse(url: string): boolean };
