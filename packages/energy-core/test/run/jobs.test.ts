import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { runJobs } from "../../src/internal/index.ts";

const job = (name: string) => ({
  module: pathToFileURL(join(import.meta.dirname, "../fixtures/jobs.ts")).href,
  function: name,
  argument: 20,
});

test("results of finished jobs are kept when another fails, naming the job", async () => {
  expect(await runJobs([job("double"), job("double")], { workers: 2 })).toEqual([40, 40]);
  const failure = await runJobs([job("double"), job("fail"), job("double")]).catch((error) => error);
  expect(failure).toMatchObject({
    message: "job 1: 20 cannot be done",
    job: 1,
    results: [40, undefined, undefined],
  });
  await expect(runJobs([job("missing")])).rejects.toThrow('exports no function "missing"');
  expect(await runJobs([])).toEqual([]);
});

test("jobs whose results are known are not run, and keep their places", async () => {
  const seen: number[] = [];
  const onResult = (k: number) => seen.push(k);
  const known = [1, undefined, 3];
  expect(await runJobs([job("fail"), job("double"), job("fail")], { known, onResult })).toEqual([1, 40, 3]);
  expect(seen).toEqual([1]);
});
