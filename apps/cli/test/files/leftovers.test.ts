import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { basin } from "../basin.ts";
import { freshFolder } from "../folder.ts";

const energy = join(import.meta.dirname, "../fixtures/pair-energy.ts");
/** A process that has ended. */
const { pid: dead } = spawnSync("true");

it("what killed runs left beside an output goes with the next run, and nothing else does", async () => {
  const folder = freshFolder("leftovers");
  const at = (name: string) => join(folder, name);
  const draws = ["--draws", "20", "--warmup", "10", "--chains", "1", "--seed", "1"];
  const left = [`draws.zarr.${dead}-basin.partial`, `draws.zarr.${dead}-basin.old`];
  const kept = [
    `draws.zarr.${process.ppid}-basin.partial`,
    `other.zarr.${dead}-basin.partial`,
    `draws.zarr.${dead}.old`,
  ];
  for (const name of [...left, ...kept]) {
    mkdirSync(at(name));
    writeFileSync(join(at(name), "0.0"), "half");
  }
  writeFileSync(at("draws.csv"), "old");
  writeFileSync(at(`draws.csv.${dead}-0-mabc1234-3.partial`), "half");
  for (const name of ["draws.zarr", "draws.csv"])
    expect((await basin("sample", energy, ...draws, "--out", at(name))).code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual([...kept, "draws.csv", "draws.zarr"].sort());
});

it("an output that a killed run had moved aside, and not yet replaced, is put back", async () => {
  const folder = freshFolder("leftovers");
  const at = (name: string) => join(folder, name);
  const sample = ["sample", energy, "--draws", "20", "--warmup", "10", "--out", at("draws.zarr")];
  mkdirSync(at(`draws.zarr.${dead}-basin.old`));
  writeFileSync(join(at(`draws.zarr.${dead}-basin.old`), ".zgroup"), "{}");
  // The place is looked at before anything else: this run fails afterwards.
  expect((await basin(...sample, "--export", "none")).code).toBe(2);
  expect(readdirSync(folder)).toEqual(["draws.zarr"]);
  expect(readFileSync(join(at("draws.zarr"), ".zgroup"), "utf8")).toBe("{}");
});
