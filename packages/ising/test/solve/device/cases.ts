import { createRng } from "@basin/energy-core/random";
import type { GraphEngine } from "../../../src/solve/device/engine.ts";
import { type GraphPlan, rowWords, writeThresholds } from "../../../src/solve/device/plan.ts";

/** What an engine holds and counts after the same work. */
export interface Trace {
  readonly totals: readonly number[];
  readonly spins: Uint32Array;
  readonly generators: Uint32Array;
}

/** Runs an engine through sweeps at rising β, scaled, and of a descent, from a state that one seed draws. */
export async function traceOf(engine: GraphEngine, plan: GraphPlan, scale = 1): Promise<Trace> {
  const rng = createRng(8);
  const words = (count: number) => Uint32Array.from({ length: count }, () => rng.uint32());
  engine.start(words(plan.problem.variables * engine.words), words(4 * plan.bands * engine.words));
  const each = rowWords(plan);
  const totals: number[] = [];
  for (const betas of [[0, 0.3], [0.9], []]) {
    const rows = new Uint32Array(each * Math.max(1, betas.length));
    for (const [s, beta] of betas.entries())
      writeThresholds(rows, s * each, plan, (4 * scale * beta) / (plan.unit * 2 ** plan.levels));
    engine.sweep(rows);
    totals.push(...(await engine.totals()));
  }
  const trace = { totals, spins: await engine.spins(), generators: await engine.generators() };
  engine.dispose();
  return trace;
}
