import type * as Zarr from "zarrita";
import type { ZarrStore } from "./zarr-store.ts";

/**
 * Returns the part of a store below a path. Zarrita resolves paths as addresses of the web, in which a name with #, ?
 * or % is another; below an array there are no names.
 */
export function storeBelow(store: ZarrStore, path: string): Zarr.Readable & Zarr.Mutable {
  const get = async (key: string) => store.get(path + key);
  return {
    get,
    set: (key: string, value: Uint8Array) => store.set?.(path + key, value),
    // Shards are read in parts.
    async getRange(key: string, range: { offset: number; length: number } | { suffixLength: number }) {
      const bytes = await get(key);
      if (bytes === undefined) return undefined;
      return "suffixLength" in range
        ? bytes.slice(-range.suffixLength)
        : bytes.slice(range.offset, range.offset + range.length);
    },
  } as Zarr.Readable & Zarr.Mutable;
}
