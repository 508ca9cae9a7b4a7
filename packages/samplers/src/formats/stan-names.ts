import { ArgumentError } from "@basin/energy-core";

/** Statistics by their names in Stan's files; `lp__` is −E. */
export const STAN_NAMES: Readonly<Record<string, string>> = {
  accept_stat__: "acceptanceProbability",
  stepsize__: "stepSize",
  treedepth__: "treeDepth",
  n_leapfrog__: "gradients",
  divergent__: "diverged",
  energy__: "hamiltonian",
  // CmdStan has no such columns; names that end so are read as diagnostics by its tools.
  saturated__: "saturated",
  undefined_energy__: "undefinedEnergy",
};

/** `theta.1.2` is `theta[1,2]`. */
export function bracketed(name: string): string {
  const [base, ...indices] = name.split(".");
  return base !== "" && indices.length > 0 && indices.every((index) => /^\d+$/.test(index))
    ? `${base}[${indices.join(",")}]`
    : name;
}

/** `theta[1,2]` is `theta.1.2`. */
export function dotted(name: string): string {
  const match = /^([^[\].]+)\[(\d+(?:,\d+)*)\]$/.exec(name);
  return match ? `${match[1]}.${match[2].replaceAll(",", ".")}` : name;
}

/** Returns a comment that keeps names which a table cannot hold, for {@link ownNames}. */
export function namesComment(names: readonly string[]): string {
  return `# names = ${JSON.stringify(names)}`;
}

/** Returns the names that a comment gives to the last columns; none without it. */
export function ownNames(comments: readonly { readonly text: string }[]): string[] {
  const found = comments.find(({ text }) => /^names\s*=\s*\[/.test(text));
  if (found === undefined) return [];
  try {
    const names: unknown = JSON.parse(found.text.slice(found.text.indexOf("[")));
    if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  } catch {
    // The refusal below covers text that is no JSON as well.
  }
  throw new ArgumentError(`the comment "${found.text}" is not a list of names`);
}
