/** Files that hold draws and are not read, by the bytes they begin with, and what to do. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ["CDF", "netCDF 3, which Basin does not read; save it as netCDF 4"],
  [
    "PK\x03\x04",
    "a ZIP archive (.npz, .xlsx or a zipped Zarr), which Basin does not read; unpack it, or save CSV",
  ],
  [
    "PAR1",
    "Parquet, which Basin does not read; save it as CSV, such as by pandas.read_parquet(file).to_csv(file)",
  ],
  ["ARROW1", "Arrow, which Basin does not read; save it as CSV"],
  ["RDX", "R's own format; in R: write.csv(posterior::as_draws_df(fit), file, row.names = FALSE)"],
  ["X\n\0", "R's own format; in R: write.csv(posterior::as_draws_df(fit), file, row.names = FALSE)"],
  ["[ID: ", "a table of MrBayes, whose first line is no heading; leave that line out"],
  ["BZh", "compressed by bzip2; unpack it first"],
  ["\xfd7zXZ", "compressed by xz; unpack it first"],
  ["\x28\xb5\x2f\xfd", "compressed by zstd; unpack it first"],
  ["\x80\x04", "a Python pickle, which only Python reads; save it as CSV, JSON or Zarr"],
  ["\x80\x05", "a Python pickle, which only Python reads; save it as CSV, JSON or Zarr"],
];

/** Returns what a file is and how to convert it, or undefined where its first bytes say nothing. */
export function unreadFormat(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known !== undefined) return `this file is ${known[1]}`;
  // HDF5, NumPy's arrays and text in UTF-16 are read.
  if (bytes[0] === 0x89 || bytes[0] === 0x93 || (bytes[0] === 0xff && bytes[1] === 0xfe)) return undefined;
  return bytes.subarray(0, 1024).includes(0)
    ? "this file is binary and of no format that Basin knows"
    : undefined;
}
