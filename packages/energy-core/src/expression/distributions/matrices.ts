import { DimensionError } from "../../errors.ts";
import type { Node } from "../node.ts";
import type { Builder, LawEntry } from "./law.ts";

function diagonal({ trace: { graph } }: Builder, l: Node): Node {
  const n = l.shape[0];
  const indices = Int32Array.from({ length: n }, (_, i) => i * (n + 1));
  return graph.make("gather", [l], [n], { indices });
}

function checkFactor(b: Builder, name: string, l: Node, y: Node): void {
  if (l.shape.length === 2 && l.shape[0] === l.shape[1] && (y === l || y.shape.join() === `${l.shape[0]}`))
    return;
  throw new DimensionError(
    y === l
      ? `${name} of ${b.trace.call(l)}, expected a square matrix first`
      : `${name} of ${b.trace.call(y)} and ${b.trace.call(l)}, expected a vector and a square matrix of its length`,
  );
}

/** Laws of vectors and matrices. */
export const matrixLaws = {
  multiNormalCholesky: {
    arity: 3,
    law(b, y, mu, l) {
      checkFactor(b, "multiNormalCholesky", l, y);
      b.count(y, mu);
      const z = b.trace.graph.make("triangularSolve", [l, b.sub(y, mu)], y.shape);
      const logs = b.total(b.f("log", diagonal(b, l)), 1);
      return b.add(b.mul(0.5, b.total(b.mul(z, z), 1)), logs, 0.5 * y.size * Math.log(2 * Math.PI));
    },
  },
  // log p(L) = Σ_k (n − k + 2η − 2) log L_kk − log c(η, n), k = 2 … n (Lewandowski, Kurowicka & Joe 2009, as in
  // Stan).
  lkjCorrCholesky: {
    arity: 2,
    positive: [1],
    law(b, l, eta) {
      checkFactor(b, "lkjCorrCholesky", l, l);
      const n = l.shape[0];
      const { graph } = b.trace;
      const powers = graph.data(
        Float64Array.from({ length: n }, (_, k) => (k === 0 ? 0 : n - k - 3)),
        [n],
      );
      const two = graph.data(
        Float64Array.from({ length: n }, (_, k) => (k === 0 ? 0 : 2)),
        [n],
      );
      const exponents = b.add(powers, b.mul(two, eta));
      const logs = b.total(b.mul(exponents, b.f("log", diagonal(b, l))), 1);
      // log c = Σ_{k<n} k/2 log π + log Γ(η + (n − 1 − k)/2) − log Γ(η + (n − 1)/2).
      const terms = Array.from({ length: n - 1 }, (_, j) => {
        const k = j + 1;
        const part = b.f("lgamma", b.add(eta, (n - 1 - k) / 2));
        return b.add((k / 2) * Math.log(Math.PI), b.sub(part, b.f("lgamma", b.add(eta, (n - 1) / 2))));
      });
      return b.sub(b.add(...terms), logs);
    },
  },
  dirichlet: {
    arity: 2,
    positive: [1],
    support: "simplex(3)",
    law(b, x, alpha) {
      const n = b.count(x, alpha);
      const logs = b.total(b.mul(b.sub(1, alpha), b.f("log", x)), n);
      const all = b.f("lgamma", b.total(alpha, n));
      return b.add(logs, b.sub(b.total(b.f("lgamma", alpha), n), all));
    },
  },
} satisfies Record<string, LawEntry>;
