import { useWasm } from "@basin/energy-core/tensor";
import { beforeAll, describe, expect, it } from "vitest";
import { checks, statesOf } from "./checks.ts";
import { energies } from "./energies.ts";
import { bind, goesOn, keepsLaw, kernels } from "./kernels.ts";
import { tasks } from "./tasks.ts";

/** Throws unless `run` is refused by a message that says who needs what. */
function refuses(run: () => unknown, refusal: RegExp): void {
  let error: unknown;
  try {
    run();
  } catch (thrown) {
    error = thrown;
  }
  expect(String(error)).toMatch(refusal);
}

/**
 * Declares a test for every check, task and kernel of every energy, of those pairs that are slow or of those that are
 * not.
 */
export function suite({ slow }: { slow: boolean }): void {
  beforeAll(() => useWasm());

  describe.each(energies.filter((each) => !slow || each.slow.length > 0))("$name", (row) => {
    const here = ({ name }: { name: string }) => row.slow.includes(name) === slow;

    it.each(Object.entries(checks).filter(([name]) => here({ name })))("%s", (_, check) =>
      row.visit((given) => check(given)),
    );

    it.each(tasks.filter(here))("$name is right, or refused by name", ({ name, admits, check, refusal }) =>
      row.visit((given) => {
        if (admits(given.energy)) check(given);
        else refuses(() => check(given), refusal ?? new RegExp(`^CapabilityError: ${name} `));
      }),
    );

    it.each(kernels.filter(here))(
      "$name goes on from what was saved and keeps the law, or is refused by name",
      (kernel) =>
        row.visit((given) => {
          const { energy } = given;
          if (!kernel.admits(energy)) {
            refuses(
              () => bind(kernel, energy),
              kernel.refusal ?? new RegExp(`^CapabilityError: ${kernel.name} `, "i"),
            );
            return;
          }
          // The steps of sgld are never rejected, and it says so when they leave the support.
          if (given.walled && kernel.name === "sgld") expect(() => goesOn(kernel, given)).toThrow("ran away");
          else goesOn(kernel, given);
          if (kernel.exact && statesOf(energy) !== undefined) keepsLaw(kernel, energy);
        }),
    );
  });
}
