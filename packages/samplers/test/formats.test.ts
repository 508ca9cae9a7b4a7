import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readArvizJson } from "../src/formats/arviz-json.ts";
import { readArvizZarr } from "../src/formats/arviz-zarr.ts";
import { readCsv } from "../src/formats/csv.ts";
import { type FileDraws, writeArvizJson, writeArvizZarr, writeCsv } from "../src/formats/index.ts";
import { type Draws, nuts, sample, series, summary, warnings } from "../src/index.ts";
import energy from "./fixtures/module-energy.ts";

const run = await sample(energy, nuts(), { seed: 2, chains: 2, draws: 20, warmup: 100 });

/** What is written and read back, by format. */
const formats: Record<string, (draws: Draws) => Promise<FileDraws>> = {
  "CSV, a file a chain": async (draws) => readCsv(draws.chains.map((_, chain) => writeCsv(draws, { chain }))),
  "CSV, all chains in one": async (draws) => readCsv([writeCsv(draws)]),
  "ArviZ's JSON": async (draws) => readArvizJson(writeArvizJson(draws)),
  "ArviZ's Zarr": async (draws) => {
    const store = new Map<string, Uint8Array>();
    await writeArvizZarr(draws, store);
    return readArvizZarr(store);
  },
};

/** Returns draws of some coordinates, every number another. */
function drawsOf(names: readonly string[], value = (at: number, chain: number) => at + 1000 * chain): Draws {
  const chains = run.chains.map((chain, k) => ({
    ...chain,
    positions: Float64Array.from({ length: run.draws * names.length }, (_, at) => value(at, k)),
  }));
  return { ...run, names, dimension: names.length, chains };
}

describe.each(Object.entries(formats))("%s", (format, copy) => {
  test("keeps draws, statistics and the verdict to the bit", async () => {
    const back = await copy(run);
    expect(back.names).toEqual(run.names);
    for (const [k, chain] of back.chains.entries()) {
      expect(chain.positions).toEqual(run.chains[k].positions);
      expect(chain.stats).toEqual(run.chains[k].stats);
    }
    expect(summary(back)).toEqual(summary(run));
    expect(warnings(back)).toEqual(warnings(run));
    expect(back.notes).toEqual([]);
  });

  test("keeps NaN, infinities, negative zero and every digit", async () => {
    const odd = [
      Number.NaN,
      Infinity,
      -Infinity,
      -0,
      0,
      5e-324,
      1.7976931348623157e308,
      0.1 + 0.2,
      -1e-7,
      123456789.123,
    ];
    const draws = drawsOf(["a", "b"], (at, k) => odd[(at * 7 + 3 * k) % odd.length]);
    const back = await copy(draws);
    for (const [k, chain] of back.chains.entries())
      expect(chain.positions).toEqual(draws.chains[k].positions);
  });

  const names = fc.uniqueArray(
    fc.oneof(
      fc.constantFrom("b[1]", "b[2]", "b[01]", "b[2,1]", "b", "q__", "lp", "p.1", "p.1.2", "#a", "x", "X"),
      fc.constantFrom(
        "iteration",
        ".iteration",
        ".draw",
        "state",
        "index",
        "theta[Choate]",
        "θ",
        "log σ",
        "1",
        "nan",
      ),
      fc.constantFrom(
        "a,b",
        "a;b",
        'say "so"',
        " spaced ",
        "-1",
        "1e3",
        "[0]",
        "a[]",
        "names = [",
        "toString",
        "__proto__",
      ),
      fc.tuple(fc.constantFrom("u", "v"), fc.nat(3), fc.nat(3)).map(([base, i, j]) => `${base}[${i},${j}]`),
      fc.tuple(fc.constantFrom("w", "z.y"), fc.nat(12)).map(([base, i]) => `${base}[${i}]`),
    ),
    { minLength: 1, maxLength: 9 },
  );
  test("keeps names, whatever they are", async () => {
    await fc.assert(
      fc.asyncProperty(names, async (given) => {
        const draws = drawsOf(given);
        let back: FileDraws;
        try {
          back = await copy(draws);
        } catch (error) {
          // Two names may become one column, and some cannot name a file: that is said before anything is written.
          expect((error as Error).message).toMatch(/comes twice|cannot name an array/);
          expect(format).toMatch(/CSV|Zarr/);
          return;
        }
        expect([...back.names].sort()).toEqual([...given].sort());
        for (const name of given) expect(series(back, name)).toEqual(series(draws, name));
      }),
      { numRuns: 100, seed: 14 },
    );
  });

  test("refuses names that come twice and draws that were not kept", async () => {
    await expect(copy(drawsOf(["a", "a"]))).rejects.toThrow('"a" comes twice');
    const dropped = await sample(energy, nuts(), { seed: 2, chains: 2, draws: 20, warmup: 100, keep: false });
    await expect(copy(dropped)).rejects.toThrow("these draws were not kept (keep: false)");
  });
});

test("a file of one chain has what CmdStan's tools look for, and another chain is refused", () => {
  const text = writeCsv(run, { chain: 1 });
  expect(text).toContain(
    "# method = sample\n# num_samples = 20\n# num_warmup = 0\n# save_warmup = false\n# id = 2\n# seed = 2\n",
  );
  expect(text).toContain("\nlp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,");
  expect(text.split("\n").filter((line) => /^[-\d]/.test(line))).toHaveLength(20);
  expect(() => writeCsv(run, { chain: 2 })).toThrow(
    "chain is 2, expected an integer at least 0 and at most 1",
  );
});

test("draws of a file without statistics can be written", async () => {
  const plain = readCsv(["a,b\n1,2\n3,4\n"]);
  for (const copy of Object.values(formats)) expect((await copy(plain)).names).toEqual(["a", "b"]);
});

test("JSON groups the coordinates of one variable and labels them", () => {
  const { posterior, coords, dims } = JSON.parse(writeArvizJson(drawsOf(["b[1]", "b[2]", "c"])));
  expect(Object.keys(posterior)).toEqual(["b", "c"]);
  expect(posterior.b[1][3]).toEqual([1009, 1010]);
  expect({ coords, dims }).toEqual({ coords: { b_dim_0: [1, 2] }, dims: { b: ["b_dim_0"] } });
});

test("JSON without NaN is strict, with numbers beyond the doubles for the infinities", () => {
  const numbers = [Infinity, -Infinity, -0, 2];
  const text = writeArvizJson(drawsOf(["a"], (at) => numbers[at % 4]));
  expect(text).toContain('"a": [[1e999,-1e999,-0.0,2,1e999,');
  expect(JSON.parse(text).posterior.a[0].slice(0, 4)).toEqual(numbers);
});
