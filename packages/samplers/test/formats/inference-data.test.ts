import { describe, expect, test } from "vitest";
import { readArvizJson } from "../../src/formats/arviz-json.ts";
import { readArvizZarr } from "../../src/formats/arviz-zarr.ts";
import { readDraws, writeArvizJson, writeArvizZarr } from "../../src/formats/index.ts";
import { generateDraws, nuts, sample, series } from "../../src/index.ts";
import energy from "../fixtures/module-energy.ts";

const draws = await sample(energy, nuts(), { seed: 2, chains: 2, draws: 20, warmup: 100 });
const posteriorPredictive = generateDraws(draws, ({ x }, rng) => ({ y: [x[0], x[1], rng.normal()] }), {
  seed: 1,
});
const logLikelihood = generateDraws(draws, ({ x }) => ({ y: [-x[0], -x[1], -1e300], other: -2 }), {
  seed: 1,
});

describe.each([
  ["JSON", async (groups: object) => readArvizJson(writeArvizJson(draws, groups))],
  [
    "Zarr",
    async (groups: object) => {
      const store = new Map<string, Uint8Array>();
      await writeArvizZarr(draws, store, groups);
      return readArvizZarr(store);
    },
  ],
])("groups beside the posterior in %s", (_, roundTrip) => {
  test("come back with their names, beside draws that are as they were", async () => {
    const back = await roundTrip({ posteriorPredictive, logLikelihood });
    expect([...back.names].sort()).toEqual([...draws.names].sort());
    expect(back.posteriorPredictive?.names).toEqual(["y[0]", "y[1]", "y[2]"]);
    expect([...(back.logLikelihood?.names ?? [])].sort()).toEqual(["other", "y[0]", "y[1]", "y[2]"]);
    for (const [written, read] of [
      [posteriorPredictive, back.posteriorPredictive],
      [logLikelihood, back.logLikelihood],
    ] as const)
      for (const name of written.names) expect(read && series(read, name)).toEqual(series(written, name));
    expect(back.notes).toEqual([]);
  });
  test("are absent where none were written", async () => {
    const back = await roundTrip({ logLikelihood });
    expect(Object.keys(back)).not.toContain("posteriorPredictive");
    expect(back.logLikelihood?.draws).toBe(20);
  });
  test("are refused by an unknown name", async () => {
    await expect(roundTrip({ log_likelihood: logLikelihood })).rejects.toThrow("log_likelihood");
  });
});

test("one name with other indices in another group is refused in JSON, whose labels hold for all", () => {
  const longer = generateDraws(draws, () => ({ y: [1, 2] }), { seed: 1 });
  expect(() => writeArvizJson(draws, { posteriorPredictive: longer, logLikelihood })).toThrow(
    '"y" has other indices in one group than in another',
  );
});

test("a group that cannot be read is named in a note, and the posterior is read", () => {
  const text = '{"posterior": {"a": [[1, 2]]}, "log_likelihood": {"y": [1, 2]}}';
  const { names, notes, logLikelihood: none } = readArvizJson(text);
  expect([names, none]).toEqual([["a"], undefined]);
  expect(notes).toEqual([
    'the group log_likelihood is not read: the variable "y" is not a list of chains of draws',
  ]);
});

test("groups of several files are joined, and a file without one that another has is refused", async () => {
  const file = (name: string, values: string) => ({
    name,
    content: new TextEncoder().encode(values),
  });
  const one = file("a.json", '{"posterior": {"a": [[1, 2, 3]]}, "log_likelihood": {"y": [[-1, -2, -3]]}}');
  const two = file("b.json", '{"posterior": {"a": [[4, 5, 6]]}, "log_likelihood": {"y": [[-4, -5, -6]]}}');
  const { logLikelihood: joined } = await readDraws([one, two]);
  expect(joined && series(joined, "y").map((chain) => [...chain])).toEqual([
    [-1, -2, -3],
    [-4, -5, -6],
  ]);
  await expect(readDraws([one, file("c.json", '{"posterior": {"a": [[7, 8, 9]]}}')])).rejects.toThrow(
    "c.json has no logLikelihood, as another of the files has",
  );
});

test("a group that is read in one file and cannot be in another is refused by file and group, with the reason", async () => {
  const file = (name: string, values: string) => ({
    name,
    content: `{"posterior": {"a": [[${values}]]}, "log_likelihood": {"y": `,
  });
  const [good, bad, other] = [
    file("a.json", "1, 2, 3"),
    file("b.json", "4, 5, 6"),
    file("c.json", "7, 8, 9"),
  ];
  const [fine, wrong] = ["[[-1, -2, -3]]}}", "[-4, -5, -6]}}"];
  const ending = (start: typeof good, end: string) => ({ ...start, content: start.content + end });
  const why = 'the group log_likelihood is not read: the variable "y" is not a list of chains of draws';
  for (const files of [
    [ending(good, fine), ending(bad, wrong)],
    [ending(bad, wrong), ending(good, fine)],
  ])
    await expect(readDraws(files)).rejects.toThrow(`b.json: ${why}`);
  const { notes, logLikelihood: none } = await readDraws([ending(bad, wrong), ending(other, wrong)]);
  expect([notes, none]).toEqual([[`b.json: ${why}`, `c.json: ${why}`], undefined]);
});
