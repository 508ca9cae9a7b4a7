import { readNumber } from "@basin/energy-core/internal";
import { statisticOf } from "./inference-data.ts";
import { bracketed, STAN_NAMES } from "./stan-names.ts";

/**
 * What a column of a table holds, by its name: a quantity, a statistic of the sampler (undefined: one that is not
 * used).
 */
export type ColumnRole = { readonly quantity: string } | { readonly statistic: string | undefined };

/** `('posterior', 'theta[0]', 0)`, as pandas writes the columns of `InferenceData.to_dataframe`. */
const ARVIZ_COLUMN = /^\('(\w+)', ['"](.*?)['"](?:, .*)?\)$/;

/** Statistics by their names in tables of Turing, none for those that are not used; `lp` is a log density. */
const TURING_NAMES: Readonly<Record<string, string | undefined>> = {
  lp: "lp",
  acceptance_rate: "acceptanceProbability",
  step_size: "stepSize",
  tree_depth: "treeDepth",
  n_steps: "gradients",
  numerical_error: "diverged",
  hamiltonian_energy: "hamiltonian",
  is_accept: undefined,
  log_density: undefined,
  logprior: undefined,
  loglikelihood: undefined,
  logjoint: undefined,
  hamiltonian_energy_error: undefined,
  max_hamiltonian_energy_error: undefined,
  nom_step_size: undefined,
};

/** Returns the role of a column, by its name and those beside it. */
export function columnRole(name: string, header: readonly string[]): ColumnRole {
  if (name === "lp__") return { statistic: "lp" };
  if (name.endsWith("__")) return { statistic: new Map(Object.entries(STAN_NAMES)).get(name) };
  const arviz = ARVIZ_COLUMN.exec(name);
  if (arviz !== null) {
    if (arviz[1] === "posterior") return { quantity: arviz[2] };
    return { statistic: arviz[1] === "sample_stats" ? statisticOf(arviz[2]) : undefined };
  }
  const turing = header.includes("hamiltonian_energy") && header.includes("numerical_error");
  if (turing && Object.hasOwn(TURING_NAMES, name)) return { statistic: TURING_NAMES[name] };
  return { quantity: bracketed(name) };
}

/**
 * Words that begin or are the names of columns with a role, in {@link columnRole} and among the counters and flags of
 * tables.
 */
const ROLES =
  /^(chain|iter|draw|sample|state|step|index|row|x$|warmup|iswarmup|inwarmup|burnin|tune|tuning)/i;

/** Whether a name comes back from a table as it was: letters, digits and indices, and no word that has a role. */
export function isPlainName(name: string): boolean {
  const [, base] = /^([a-z]\w*)(?:\[\d+(?:,\d+)*\])?$/i.exec(name) ?? [];
  if (base === undefined || name.endsWith("__") || ROLES.test(base)) return false;
  return readNumber(name) === undefined && !Object.hasOwn(TURING_NAMES, name);
}
