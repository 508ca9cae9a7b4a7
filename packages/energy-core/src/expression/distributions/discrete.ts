import { ArgumentError } from "../../errors.ts";
import type { Node } from "../node.ts";
import type { Builder, LawEntry } from "./law.ts";

/** Returns counts, which have to be data, and integers of at least 0. */
function counts(name: string, y: Node, most = Number.POSITIVE_INFINITY): Float64Array {
  if (y.values === undefined)
    throw new ArgumentError(`${name} is a law of counts, and its first argument depends on the state`);
  const bad = y.values.find((value) => !(Number.isInteger(value) && value >= 0 && value <= most));
  if (bad === undefined) return y.values;
  const range = most === Number.POSITIVE_INFINITY ? "integers of at least 0" : `integers from 0 to ${most}`;
  throw new ArgumentError(`the first argument of ${name} has ${bad}, expected ${range}`);
}

/** log(n choose y) of real arguments. */
function logChoose({ f, add, sub }: Builder, n: Node, y: Node): Node {
  const rest = add(sub(n, y), 1);
  return sub(f("lgamma", add(n, 1)), add(f("lgamma", add(y, 1)), f("lgamma", rest)));
}

/** Laws of counts and classes, which are data. */
export const discrete = {
  bernoulliLogit: {
    arity: 2,
    law(b, y, logit) {
      counts("bernoulliLogit", y, 1);
      // −log p of 1 is softplus(−η), of 0 softplus(η).
      const sign = b.sub(1, b.mul(2, y));
      return b.total(b.f("softplus", b.mul(sign, logit)), b.count(y, logit));
    },
  },
  binomialLogit: {
    arity: 3,
    law(b, y, trials, logit) {
      const n = b.count(y, trials, logit);
      counts("binomialLogit", y);
      counts("binomialLogit (trials)", trials);
      if (b.f("less", trials, y).values!.some((isMore) => isMore === 1))
        throw new ArgumentError("binomialLogit was given more successes than trials");
      const energy = b.sub(b.mul(trials, b.f("softplus", logit)), b.mul(y, logit));
      return b.sub(b.total(energy, n), b.total(logChoose(b, trials, y), n));
    },
  },
  poissonLog: {
    arity: 2,
    law(b, y, logRate) {
      const n = b.count(y, logRate);
      counts("poissonLog", y);
      const energy = b.sub(b.f("exp", logRate), b.mul(y, logRate));
      return b.add(b.total(energy, n), b.total(b.f("lgamma", b.add(y, 1)), n));
    },
  },
  negativeBinomial: {
    arity: 3,
    positive: [1, 2],
    law(b, y, alpha, beta) {
      const n = b.count(y, alpha, beta);
      counts("negativeBinomial", y);
      // −log C(y + α − 1, y) + (α + y) log(1 + β) − α log β.
      const less = b.sub(
        b.add(b.f("lgamma", alpha), b.f("lgamma", b.add(y, 1))),
        b.f("lgamma", b.add(y, alpha)),
      );
      const odds = b.sub(b.mul(b.add(y, alpha), b.f("log1p", beta)), b.mul(alpha, b.f("log", beta)));
      return b.add(b.total(less, n), b.total(odds, n));
    },
  },
  negativeBinomial2: {
    arity: 3,
    positive: [1, 2],
    law(b, y, mu, phi) {
      const n = b.count(y, mu, phi);
      counts("negativeBinomial2", y);
      const less = b.sub(b.add(b.f("lgamma", phi), b.f("lgamma", b.add(y, 1))), b.f("lgamma", b.add(y, phi)));
      const more = b.mul(b.add(y, phi), b.f("log", b.add(mu, phi)));
      const fewer = b.add(b.mul(y, b.f("log", mu)), b.mul(phi, b.f("log", phi)));
      return b.add(b.total(less, n), b.total(b.sub(more, fewer), n));
    },
  },
  categoricalLogit: {
    arity: 2,
    law(b, y, logits) {
      const { graph } = b.trace;
      const classes = counts("categoricalLogit", y, logits.shape.at(-1)! - 1);
      const one = (row: Node, k: number) => {
        const most = graph.make("maximum", [row], []);
        const all = b.add(most, b.f("log", graph.sum(b.f("exp", b.sub(row, most)))));
        return b.sub(all, graph.make("element", [row], [], { attribute: k }));
      };
      const { shape } = logits;
      if (shape.length === 1) return b.add(...Array.from(classes, (k) => one(logits, k)));
      if (shape.length !== 2 || shape[0] !== classes.length)
        throw new ArgumentError(
          `categoricalLogit of ${classes.length} classes and ${b.trace.call(logits)}, expected a row of logits for each`,
        );
      const rows = Array.from(classes, (k, i) => {
        const indices = Int32Array.from({ length: shape[1] }, (_, j) => i * shape[1] + j);
        return one(graph.make("gather", [logits], [shape[1]], { indices }), k);
      });
      return b.add(...rows);
    },
  },
} satisfies Record<string, LawEntry>;
