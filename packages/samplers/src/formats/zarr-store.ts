/**
 * Where a Zarr hierarchy lies: a `Map`, or a store of zarrita's such as `FileSystemStore`. Keys are paths such as
 * `/posterior/.zgroup`.
 */
export interface ZarrStore {
  get(key: string): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Needed for writing only. */
  set?(key: string, value: Uint8Array): unknown;
  /** All keys, as a `Map` has: needed to read a hierarchy without consolidated metadata. */
  keys?(): Iterable<string>;
}
