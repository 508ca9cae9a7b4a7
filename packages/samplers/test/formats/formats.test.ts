import { describe, expect, test } from "vitest";
import { readArvizJson, readCsv, writeArvizJson, writeCsv } from "../../src/formats/index.ts";
import { nuts, sample, series, statistic, summary, warnings } from "../../src/index.ts";
import energy from "../fixtures/module-energy.ts";

const CMDSTAN = `# stan_version_major = 2
# method = sample (Default)
#   sample
#     num_samples = 3
#     num_warmup = 2
#     save_warmup = true
#     thin = 1 (Default)
#   random
#     seed = 4242
lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,mu,theta.1,theta.2
-9,0.5,2,1,1,0,9,0,0,0
-9,0.5,2,1,1,0,9,0,0,0
# Adaptation terminated
# Step size = 0.8
-6.5,0.9,0.8,2,3,0,8.1,1.5,-2,3e-1
-7.5,0.8,0.8,2,3,1,9.1,2.5,-1,nan
-5.25,1,0.8,1,1,0,7.1,3.5,0,inf
#  Elapsed Time: 0.01 seconds
`;

test("CmdStan files: warm-up left out, names, statistics, values that are not finite", () => {
  const draws = readCsv([CMDSTAN, CMDSTAN]);
  expect(draws).toMatchObject({ draws: 3, dimension: 3, seed: 4242, names: ["mu", "theta[1]", "theta[2]"] });
  expect(series(draws, "mu").map((chain) => [...chain])).toEqual([
    [1.5, 2.5, 3.5],
    [1.5, 2.5, 3.5],
  ]);
  expect([...series(draws, "theta[2]")[0]]).toEqual([0.3, Number.NaN, Infinity]);
  expect([...statistic(draws, "energy")[0]]).toEqual([6.5, 7.5, 5.25]);
  expect([...statistic(draws, "diverged")[1]]).toEqual([0, 1, 0]);
  expect([...statistic(draws, "hamiltonian")[1]]).toEqual([8.1, 9.1, 7.1]);
});

test("files that are not draws are refused by place", () => {
  expect(() => readCsv([])).toThrow("no files were given");
  expect(() => readCsv(["# nothing\n"])).toThrow("file 0 holds no draws");
  expect(() => readCsv(["lp__,mu\n1,2\n1,two\n"])).toThrow(
    'draw 1 of file 0 has "two" as mu, expected a number',
  );
  expect(() => readCsv(["mu\n1\n", "nu\n1\n"])).toThrow("chain 1 has other columns");
  expect(() => readCsv(["mu\n1\n", "mu\n1\n2\n"])).toThrow("chain 1 has 2 draws, chain 0 has 1");
  expect(() => readArvizJson("{")).toThrow("this is not JSON");
  expect(() => readArvizJson("[]")).toThrow('no object "posterior"');
  expect(() => readArvizJson('{"posterior": {"a": [[1, 2]], "b": [[1]]}}')).toThrow('"b" has another number');
});

describe("what is written is read back", async () => {
  const draws = await sample(energy, nuts(), { seed: 2, chains: 2, draws: 20, warmup: 100 });
  test.each([
    ["CSV", readCsv([writeCsv(draws)])],
    ["ArviZ's JSON", readArvizJson(writeArvizJson(draws))],
  ])("as %s", (_, back) => {
    expect(back.names).toEqual(draws.names);
    for (const [k, chain] of back.chains.entries()) {
      expect(chain.positions).toEqual(draws.chains[k].positions);
      expect(chain.stats).toEqual(draws.chains[k].stats);
    }
    expect(summary(back)).toEqual(summary(draws));
    expect(warnings(back)).toEqual(warnings(draws));
  });
  test("JSON groups the coordinates of one variable", () => {
    const { posterior } = JSON.parse(writeArvizJson(draws));
    expect(Object.keys(posterior)).toEqual(["x"]);
    expect(posterior.x[1][3]).toEqual([...draws.chains[1].positions.slice(6, 8)]);
  });
  test("JSON keeps axes beyond the draws, and null is NaN", () => {
    const back = readArvizJson(
      '{"posterior": {"a": [[[[1, 2], [3, 4]], [[5, 6], [7, null]]]], "b": [[8, 9]]}}',
    );
    expect(back.names).toEqual(["a[0,0]", "a[0,1]", "a[1,0]", "a[1,1]", "b"]);
    expect([...series(back, "a[1,1]")[0]]).toEqual([4, Number.NaN]);
  });
});
