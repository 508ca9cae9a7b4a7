import { samplerNames } from "@basin/samplers/names";
import { expect, it } from "vitest";
import { drawFormats } from "../src/formats/draw-formats.ts";
import { kernelNames } from "../src/kernels/by-name.ts";

it("the names without the package are those of its tables", () => {
  expect(samplerNames.kernel).toEqual(kernelNames);
  const described = Object.entries(drawFormats).map(([name, { description }]) => [name, description]);
  expect(Object.entries(samplerNames.format)).toEqual(described);
});
