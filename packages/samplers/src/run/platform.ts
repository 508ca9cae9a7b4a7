import { CapabilityError } from "@basin/energy-core";

// The library is compiled without the types of Node.
interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/**
 * Returns a module of Node's, without an import that bundlers for browsers would have to resolve.
 *
 * @throws {CapabilityError} outside Node.
 */
export function nodeModule<T>(name: string, purpose: string): T {
  const { process } = globalThis as { process?: NodeProcess };
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) throw new CapabilityError(`${purpose} needs Node, and this is another platform`);
  return found as T;
}
