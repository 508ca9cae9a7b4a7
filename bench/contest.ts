/** One question of speed: contenders measured in turn, round after round, in one run. */
export interface Contest {
  readonly question: string;
  /** Unit of every figure, larger being better: "flips/ns", "steps/s". */
  readonly unit: string;
  readonly contenders: readonly Contender[];
  /** The ratios to print, and the least that is aimed at. */
  readonly ratios: readonly { readonly of: string; readonly to: string; readonly aim?: number }[];
}

/** Something that is measured. A contender that cannot run here (no compiler, no peer) says why instead. */
export interface Contender {
  readonly name: string;
  readonly measure: (() => number | Promise<number>) | { readonly absent: string };
}

/** The figures of one contender: median and the spread between rounds. */
export interface Figure {
  readonly name: string;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The outcome of a contest. */
export interface Outcome {
  readonly question: string;
  readonly unit: string;
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly absent: readonly { readonly name: string; readonly why: string }[];
  readonly ratios: readonly {
    readonly of: string;
    readonly to: string;
    readonly ratio: number;
    readonly aim?: number;
  }[];
}

/** Runs a contest with its contenders interleaved, so that a noisy minute hits all of them alike. */
export async function hold(contest: Contest, rounds: number): Promise<Outcome> {
  const figures = new Map<string, number[]>();
  const absent: { name: string; why: string }[] = [];
  for (const { name, measure } of contest.contenders) {
    if (typeof measure === "function") figures.set(name, []);
    else absent.push({ name, why: measure.absent });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { name, measure } of contest.contenders) {
      if (typeof measure === "function") figures.get(name)?.push(await measure());
    }
  }
  const summaries = [...figures].map(([name, values]) => summarize(name, values));
  const ratios = contest.ratios.flatMap(({ of, to, aim }) => {
    const above = summaries.find((figure) => figure.name === of);
    const below = summaries.find((figure) => figure.name === to);
    return above && below ? [{ of, to, ratio: above.median / below.median, aim }] : [];
  });
  return { question: contest.question, unit: contest.unit, rounds, figures: summaries, absent, ratios };
}

function summarize(name: string, values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { name, median, lowest: sorted[0], highest: sorted[sorted.length - 1] };
}
