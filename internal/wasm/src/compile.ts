import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "assemblyscript/asc";

/** Every kernel is compiled alike: no runtime, no allocator, no data; the caller owns the memory and lays it out. */
const OPTIONS = [
  "-O3",
  "--converge",
  "--runtime",
  "stub",
  "--noAssert",
  "--importMemory",
  "--initialMemory",
  "1",
  "--enable",
  "simd",
  "--use",
  "abort=",
];

/**
 * Returns the WebAssembly module of one AssemblyScript entry, the same bytes for the same sources and compiler.
 *
 * @throws when the compiler reports an error, or when the module holds static data: the memory of a kernel belongs to
 * its caller from byte 0 on.
 */
export async function compile(folder: string, entry: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  // Relaxed SIMD (fused multiply and add) is not everywhere, so a kernel that uses it is an entry of its own beside one
  // that does not.
  const features = entry.endsWith("-relaxed.ts") ? ["--enable", "relaxed-simd"] : [];
  const { error, stderr } = await main(
    [entry, ...OPTIONS, ...features, "--baseDir", folder, "--outFile", "out.wasm"],
    {
      readFile: (name, base) => readFile(join(base, name), "utf8").catch(() => null),
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || binary === undefined) throw new Error(`${join(folder, entry)}: ${stderr.toString() || error}`);
  if (sections(binary).includes(DATA_SECTION)) {
    throw new Error(
      `${join(folder, entry)}: a kernel must not hold static data; pass a pointer to it instead`,
    );
  }
  return binary;
}

const DATA_SECTION = 11;

/** Returns the section identifiers of a module, in order. */
export function sections(binary: Uint8Array): number[] {
  const found: number[] = [];
  let at = 8;
  while (at < binary.length) {
    found.push(binary[at++]);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++];
      size += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    at += size;
  }
  return found;
}
