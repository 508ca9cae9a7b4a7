import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);

/** Returns the folder of an installed package. */
export function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** A Buffer's `slice` shares memory where a Uint8Array's copies; callers expect the latter. */
export function plainBytes({ buffer, byteOffset, length }: Buffer, header: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + header, length - header);
}
