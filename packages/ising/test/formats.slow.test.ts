import { BasinError } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { formatProblem, maxCut, type ProblemFormat, parseProblem, weightedGraph } from "@basin/ising";
import { describe, expect, it } from "vitest";

const graph = weightedGraph(7, [
  [0, 4, 2],
  [1, 2, -1.5],
  [3, 2],
  [0, 1],
  [5, 6, 1e-3],
]);
const formats = ["gset", "dimacs", "matrix-market", "edge-list", "bqm", "coo", "qubo"] as const;
const ALPHABET = "0123456789 -+.eE\n\t,;\"'{}[]:#%cpa\r\u0000\u00e9\ud83d\ufeff";
const TOKENS = [
  "nan",
  "-inf",
  "1e308",
  "-1e308",
  "1e999",
  "99999999999999999999",
  "0x10",
  "-0",
  "1e-400",
  "null",
  "true",
  "p",
  "#",
];

/** Text with a few characters or words inserted, cut out, doubled or moved; or nothing but noise. */
function mutate(rng: Rng, text: string): string {
  if (rng.bernoulli(0.05)) {
    return Array.from({ length: rng.index(60) }, () => String.fromCharCode(rng.index(256))).join("");
  }
  let junk = text;
  for (let hits = 1 + rng.index(5); hits > 0; hits--) {
    const at = rng.index(junk.length + 1);
    const to = Math.min(junk.length, at + (rng.bernoulli(0.3) ? rng.index(40) : rng.index(2)));
    const insert = [
      () => "",
      () => ALPHABET[rng.index(ALPHABET.length)].repeat(1 + rng.index(3)),
      () => ` ${TOKENS[rng.index(TOKENS.length)]} `,
      () => junk.slice(at, at + rng.index(30)),
    ][rng.index(4)]();
    junk = junk.slice(0, at) + insert + junk.slice(to);
  }
  // Files are cut short now and then.
  return rng.bernoulli(0.1) ? junk.slice(0, rng.index(junk.length + 1)) : junk;
}

function* pieces(rng: Rng, text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const size = 1 + rng.index(20);
    yield text.slice(at, at + size);
    at += size;
  }
}

describe("100 000 broken files, each read by its structure and as its format", () => {
  it.each(formats.map((format, k) => [format, k] as const))(
    "end in a problem or in an error of ours, whole and in pieces: %s",
    async (format: ProblemFormat, k) => {
      const rng = createRng(20 + k);
      const text = formatProblem({ graph, problem: maxCut(graph) }, format);
      let [accepted, refused] = [0, 0];
      for (let round = 0; round < 14_300; round++) {
        const junk = mutate(rng, text);
        const outcome = await attempt(junk, format);
        if (outcome.startsWith("refused")) refused++;
        else accepted++;
        if (round % 10 === 0) expect(await attempt(pieces(rng, junk), format)).toBe(outcome);
      }
      expect(accepted).toBeGreaterThan(100);
      expect(refused).toBeGreaterThan(5000);
    },
  );
});

/** What became of a text; whatever is thrown must be an error of ours. */
async function attempt(source: string | Iterable<string>, format: ProblemFormat): Promise<string> {
  try {
    // By its structure too, which must not end otherwise than in a problem or an error of ours.
    if (typeof source === "string")
      await parseProblem(source).catch((error) => expect(error).toBeInstanceOf(BasinError));
    const { problem } = await parseProblem(source, { format });
    expect(Number.isFinite(problem.offset)).toBe(true);
    for (const value of problem.couplings.values) expect(Number.isFinite(value)).toBe(true);
    return `${problem.variables} spins, ${problem.couplings.values.length} couplings, offset ${problem.offset}`;
  } catch (error) {
    expect(error).toBeInstanceOf(BasinError);
    return `refused: ${(error as Error).message}`;
  }
}
