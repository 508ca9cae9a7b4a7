import { checkKind } from "@basin/energy-core/internal";

/** @throws {ArgumentError} for a value that is no kernel, such as a function that makes one. */
export function checkKernel(kernel: unknown, asker: string): void {
  const { bind, walkers } = (kernel ?? {}) as { bind?: unknown; walkers?: unknown };
  const isRight = typeof kernel === "object" && (typeof bind === "function" || typeof walkers === "function");
  const advice =
    typeof kernel === "function"
      ? `: call it, as in ${kernel.name || "nuts"}()`
      : typeof kernel === "string"
        ? ": kernelByName makes one of a name"
        : "";
  checkKind(`the kernel of ${asker}`, kernel, isRight, `a kernel, such as nuts()${advice}`);
}
