import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError } from "@basin/energy-core";
import { expression, positive, real, simplex } from "@basin/energy-core/expression";
import { fileCheckpoint, memoryCheckpoint, PoolError } from "@basin/energy-core/run";
import { afterAll, describe, expect, test } from "vitest";
import { gibbsWithGradients, nuts, sample, sampleModule, sgld } from "../../src/index.ts";
import type { KeptChains } from "../../src/run/kept-chains.ts";
import { labelGlass } from "../fixtures/energies.ts";
import energy from "../fixtures/module-energy.ts";

const module = pathToFileURL(join(import.meta.dirname, "../fixtures/module-energy.ts")).href;
const folder = mkdtempSync(join(tmpdir(), "basin-"));
afterAll(() => rmSync(folder, { recursive: true }));
const options = { chains: 3, warmup: 150, draws: 250, seed: 21 };

describe("threads", () => {
  test("give the bits that one thread gives, however many they are", async () => {
    const alone = await sample(energy, nuts(), options);
    for (const workers of [1, 2]) {
      expect(await sampleModule(module, { ...options, workers })).toEqual(alone);
    }
  });

  test("so they do for a formula, which goes to them as it was traced", async () => {
    const y = Float64Array.from({ length: 200 }, (_, k) => Math.sin(k * k));
    const formula = expression(
      { mu: real(), sigma: positive(), p: simplex(3) },
      ({ mu, sigma, p }, { add, normal, halfNormal, dirichlet, mul, sum }) =>
        add(normal(mu, 0, 5), halfNormal(sigma), dirichlet(p, [2, 2, 2]), normal(y, mul(mu, sum(p)), sigma)),
    );
    const alone = await sample(formula, nuts(), options);
    const spread = await sampleModule(formula, { ...options, workers: 2 });
    expect(spread).toEqual(alone);
    expect(spread.names).toEqual(["mu", "sigma", "p[0]", "p[1]", "p[2]"]);
    await expect(sampleModule(formula, { ...options, export: "other" })).rejects.toThrow(
      'export is "other", but a formula is no module',
    );
  });

  test("so they do for labels, whose draws a file keeps", async () => {
    const alone = await sample(labelGlass(4, 3), gibbsWithGradients(), options);
    const path = join(folder, "labels");
    const run = () =>
      sampleModule(module, {
        ...options,
        export: "labels",
        kernel: "gibbs-with-gradients",
        checkpoint: fileCheckpoint(path),
      });
    expect(await run()).toEqual(alone);
    expect(await run()).toEqual(alone);
  });

  test("what is no energy is refused, with what one is", async () => {
    await expect(sampleModule(module, { ...options, export: "half" })).rejects.toThrow(
      /exports something else as "half", expected an energy \{ space, energy\(x\), can \}/,
    );
  });

  test.each([
    ["labels", {}, 'kernel is "nuts", which does not fit this energy: nuts needs an energy over reals'],
    ["labels", {}, "over 4 labels; kernels that fit: metropolis, heat-bath, gibbs"],
    ["withoutGradient", { kernel: "hmc" }, "2 reals, has none; kernels that fit: random-walk, slice, ellip"],
    ["withoutMoves", {}, "kernels that fit: none (metropolis needs an energy with moves"],
    ["default", { kernel: "gibbs" }, "2 reals are not; kernels that fit: nuts, walnuts, hmc, mala"],
  ])("a kernel that does not fit the energy is refused: %s, %o", async (name, own, message) => {
    const refused = sampleModule(module, { ...options, ...own, export: name });
    await expect(refused).rejects.toThrow(ArgumentError);
    await expect(refused).rejects.toThrow(message);
  });

  test("an energy that throws in a thread surfaces with its chain and words", async () => {
    const failure = await sampleModule(module, { ...options, draws: 5000, export: "throwing" }).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(PoolError);
    expect(failure.message).toMatch(/^chain 0, (warm-up )?step \d+: lookup failed$/);
  });

  test("a thread that dies surfaces; finished chains are kept, and the same call finishes the rest", async () => {
    const marker = join(folder, "deadly");
    process.env.BASIN_TEST_DEADLY = marker;
    writeFileSync(marker, "");
    const path = join(folder, "run");
    const run = () =>
      sampleModule(module, {
        seed: 5,
        chains: 2,
        warmup: 100,
        draws: 10_000,
        export: "deadly",
        checkpoint: fileCheckpoint(path),
        checkpointEvery: 0,
      });
    const failure = await run().catch((error) => error);
    expect(failure.message).toBe("chain 0: its thread died (exit code 7)");
    const kept = await fileCheckpoint(path).load();
    rmSync(marker);
    const resumed = await run();
    const whole = await sampleModule(module, {
      seed: 5,
      chains: 2,
      warmup: 100,
      draws: 10_000,
      export: "deadly",
    });
    expect(resumed).toEqual(whole);
    const chains = kept?.state as KeptChains<Float64Array> | undefined;
    expect(chains?.[0]?.draws ?? 0).toBeLessThan(10_000);
  });

  test("a module without the export is refused with what it has", async () => {
    await expect(sampleModule(module, { ...options, export: "model" })).rejects.toThrow(
      /exports no "model", expected an energy .* its exports: .*deadly/,
    );
    await expect(sampleModule(module, { ...options, kernel: "slice2" })).rejects.toThrow(
      'unknown kernel "slice2"; known: nuts',
    );
  });

  test("a signal stops the threads", async () => {
    const controller = new AbortController();
    const run = sampleModule(module, {
      ...options,
      draws: 5_000_000,
      keep: false,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error("enough")), 300);
    await expect(run).rejects.toThrow("enough");
  });
});

describe("checkpoints", () => {
  test.each([
    ["nuts", nuts() as never],
    ["sgld with a schedule", sgld({ stepSize: (t) => 0.1 / (1 + t / 100) }) as never],
  ])("%s: stopped and resumed gives the bits of a run that never stopped", async (_, kernel) => {
    const plan = { ...options, draws: 20_000, chains: 2 };
    const whole = await sample(energy, kernel, plan);
    const checkpoint = memoryCheckpoint();
    let stops = 0;
    for (;;) {
      const controller = new AbortController();
      // Later each time, so that a slow machine gets on too.
      setTimeout(() => controller.abort(new Error("stopped")), 40 + 10 * stops);
      try {
        const resumed = await sample(energy, kernel, { ...plan, checkpoint, signal: controller.signal });
        expect(resumed).toEqual(whole);
        break;
      } catch (error) {
        expect((error as Error).message).toBe("stopped");
        if (++stops > 200) throw new Error("no progress is kept between stops");
      }
    }
    // A finished run is not run again.
    const again = await sample(energy, kernel, { ...plan, checkpoint });
    expect(again).toEqual(whole);
  });

  test("of another run are refused, naming the difference; so are observers", async () => {
    const checkpoint = memoryCheckpoint();
    await sample(energy, nuts(), { ...options, checkpoint });
    await expect(sample(energy, nuts(), { ...options, seed: 22, checkpoint })).rejects.toThrow(
      "the checkpoint is of another run: its seed is 21, this one's is 22",
    );
    await expect(
      sample(energy, nuts(), {
        ...options,
        checkpoint,
        observers: { x: () => ({ observe() {}, result: () => 0 }) },
      }),
    ).rejects.toThrow("observers keep their own state");
  });
});
