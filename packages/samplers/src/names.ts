/**
 * The names in the tables of this package, without the package itself, for help texts, forms and completions. A test
 * compares them with the tables.
 *
 * @example
 * ```ts
 * import { samplerNames } from "@basin/samplers/names";
 *
 * console.log(samplerNames.kernel.includes("nuts")); // true
 * ```
 */
export const samplerNames = {
  kernel: [
    "nuts",
    "walnuts",
    "hmc",
    "mala",
    "random-walk",
    "slice",
    "elliptical-slice",
    "ula",
    "sgld",
    "metropolis",
    "heat-bath",
    "gibbs",
    "gibbs-with-gradients",
    "discrete-langevin",
  ],
  format: {
    zarr: "a folder of ArviZ's InferenceData in Zarr",
    netcdf: "ArviZ's InferenceData in netCDF 4 (.nc)",
    npy: "a NumPy array (.npy) of draws",
    "arviz-json": "ArviZ's InferenceData as JSON",
    posteriordb: "posteriordb's JSON, a list of chains with a list of draws for each quantity",
    csv: "CSV of CmdStan or RStan (one file for each chain), or a table of draws, wide or long",
  },
} as const;
