import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);

/** Says which package is not there. */
export class MissingPackage extends Error {
  override readonly name = "MissingPackage";
}

/**
 * Returns the folder of a package that is installed beside this one, or where the process runs. @throws
 * {MissingPackage}
 */
export function packageFolder(name: string): string {
  const file = `${name}/package.json`;
  for (const options of [undefined, { paths: [process.cwd()] }]) {
    try {
      return dirname(require.resolve(file, options));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new MissingPackage(
    `the data are in the npm package ${name}, which is not installed: npm install ${name}`,
  );
}

/** A Buffer's `slice` shares memory where a Uint8Array's copies; callers expect the latter. */
export function plainBytes({ buffer, byteOffset, length }: Buffer, header: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset + header, length - header);
}
