import { kernelNames } from "@basin/energy-core/internal";
import { coreNames } from "@basin/energy-core/names";
import { expect, it } from "vitest";

it("the names without the package are those of its tables", () => {
  expect(coreNames).toEqual({ kernel: kernelNames });
});
