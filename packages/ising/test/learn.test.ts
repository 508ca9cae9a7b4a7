import { complete, enumerate, exactLikelihood, plainEnergy, predict, spins } from "@basin/energy-core";
import { expression, learnable } from "@basin/energy-core/expression";
import { createRng } from "@basin/energy-core/random";
import { contrastiveDivergence, maximizeLikelihood } from "@basin/samplers/learn";
import {
  assertIrreducible,
  assertStationary,
  boltzmann,
  type ForkingRng,
  spinStates,
  transitionMatrix,
} from "@basin/testing";
import { describe, expect, test } from "vitest";
import { exactLogPartition } from "../src/learn/exact-partition.ts";
import {
  blockGibbs,
  ClassMachine,
  classMachine,
  formatMachine,
  parseMachine,
  type RestrictedBoltzmannMachine,
  restrictedBoltzmannMachine,
} from "../src/learn/index.ts";
import type { Encoding } from "../src/learn/rbm.ts";
import { strongMachine } from "./learn/strong-machine.ts";

/** E(v, h) straight from the definition. */
function definition(machine: RestrictedBoltzmannMachine, v: Int8Array, h: Int8Array): number {
  const value = (spin: number) => (machine.encoding === "bits" ? (1 + spin) / 2 : spin);
  let energy = 0;
  for (let i = 0; i < v.length; i++) energy -= machine.visibleBias[i] * value(v[i]);
  for (let j = 0; j < h.length; j++) energy -= machine.hiddenBias[j] * value(h[j]);
  for (let i = 0; i < v.length; i++) {
    for (let j = 0; j < h.length; j++)
      energy -= machine.weights[i * h.length + j] * value(v[i]) * value(h[j]);
  }
  return energy;
}

describe.each<Encoding>(["bits", "spins"])("a machine over %s", (encoding) => {
  const machine = strongMachine(4, 3, encoding);

  test("has the energy of its visible units with the hidden ones summed out", () => {
    for (const v of spinStates(4)) {
      const sum = spinStates(3).reduce((total, h) => total + Math.exp(-definition(machine, v, h)), 0);
      expect(machine.energy(v)).toBeCloseTo(-Math.log(sum), 11);
    }
  });

  test("gives the energy of both layers", () => {
    const joint = machine.joint();
    for (const v of spinStates(4)) {
      for (const h of spinStates(3)) {
        expect(joint.energy(Int8Array.of(...v, ...h))).toBeCloseTo(definition(machine, v, h), 11);
      }
    }
  });

  test("walks by differences that are those of the energies", () => {
    const cursor = machine.can.moves(Int8Array.of(1, -1, -1, 1));
    for (const i of [2, 0, 3, 2, 1]) {
      const before = machine.energy(cursor.state);
      const delta = cursor.delta(i);
      expect(cursor.deltas(new Float64Array(4))[i]).toBe(delta);
      cursor.apply(i);
      expect(machine.energy(cursor.state) - before).toBeCloseTo(delta, 11);
      expect(cursor.energy).toBeCloseTo(machine.energy(cursor.state), 10);
    }
  });

  test("has the gradient of difference quotients", () => {
    const v = Int8Array.of(1, -1, 1, 1);
    const gradient = new Float64Array(machine.parameters.length);
    machine.can.parameters.addGradient(v, 2, gradient);
    for (let k = 0; k < gradient.length; k++) {
      const kept = machine.parameters[k];
      machine.parameters[k] = kept + 1e-5;
      const above = machine.energy(v);
      machine.parameters[k] = kept - 1e-5;
      const below = machine.energy(v);
      machine.parameters[k] = kept;
      expect(gradient[k]).toBeCloseTo((above - below) / 1e-5, 7);
    }
  });

  test("is its free energy as a formula: moves, and slopes to 1e-10", () => {
    const { data, shape } = { data: machine.weights, shape: [4, 3] };
    const parts = {
      v: spins(4),
      w: learnable({ data, shape }),
      b: learnable(machine.visibleBias),
      c: learnable(machine.hiddenBias),
    };
    const formula = expression(
      parts,
      ({ v, w, b, c }, { add, sub, mul, neg, dot, sum, softplus, matmul, transpose }) => {
        const x = encoding === "bits" ? mul(0.5, add(1, v)) : v;
        const fields = add(c, matmul(transpose(w), x));
        // log 2 cosh f of a spin, log(1 + e^f) of a bit.
        const hidden = encoding === "bits" ? softplus(fields) : sub(softplus(mul(2, fields)), fields);
        return neg(add(dot(b, x), sum(hidden)));
      },
    );
    for (const v of spinStates(4)) {
      expect(formula.energy(v)).toBeCloseTo(machine.energy(v), 12);
      const [ours, theirs] = [formula.can.moves(v), machine.can.moves(v)];
      for (let i = 0; i < 4; i++) expect(ours.delta(i)).toBeCloseTo(theirs.delta(i), 12);
      const [a, b] = [new Float64Array(19), new Float64Array(19)];
      formula.can.parameters.addGradient(v, 1, a);
      machine.can.parameters.addGradient(v, 1, b);
      for (let k = 0; k < 19; k++) expect(Math.abs(a[k] - b[k])).toBeLessThan(1e-10);
    }
  });

  test("keeps its law in the other encoding", () => {
    const other = machine.withEncoding(encoding === "bits" ? "spins" : "bits");
    const offset = other.energy(spinStates(4)[0]) - machine.energy(spinStates(4)[0]);
    for (const v of spinStates(4)) expect(other.energy(v) - machine.energy(v)).toBeCloseTo(offset, 10);
    const back = other.withEncoding(encoding);
    for (const [k, value] of back.parameters.entries()) expect(value).toBeCloseTo(machine.parameters[k], 12);
  });

  test("has the exact log Z of enumeration, whichever layer is smaller", () => {
    for (const [visible, hidden] of [
      [4, 3],
      [3, 7],
      [9, 2],
      [1, 1],
    ]) {
      const some = strongMachine(visible, hidden, encoding, 11);
      expect(exactLogPartition(some)).toBeCloseTo(enumerate(some).logPartition, 9);
    }
  });

  test("leaves its law stationary under block Gibbs steps, and a machine 5 % off does not", () => {
    const states = spinStates(4);
    const matrixOf = (sampled: RestrictedBoltzmannMachine) => {
      const bound = blockGibbs().bind(sampled);
      return transitionMatrix(states, (state, rng: ForkingRng) => {
        const chain = bound.init(state);
        bound.step(rng as never, chain, 1);
        expect(chain.energy).toBe(sampled.energy(chain.position));
        return chain.position;
      });
    };
    const law = boltzmann(states.map((state) => machine.energy(state)));
    assertStationary(matrixOf(machine), law);
    assertIrreducible(matrixOf(machine));
    const off = machine.withEncoding(encoding);
    for (let k = 0; k < off.parameters.length; k++) off.parameters[k] *= 1.05;
    expect(() => assertStationary(matrixOf(off), law)).toThrow("not stationary");
  });
});

test("huge weights take the slow road to the same log Z", () => {
  const machine = restrictedBoltzmannMachine({ visible: 5, hidden: 3, weightScale: 200, seed: 2 });
  expect(exactLogPartition(machine)).toBeCloseTo(enumerate(machine).logPartition, 8);
});

test("block Gibbs sampling refuses other energies and other temperatures", () => {
  // @ts-expect-error an energy without layers
  expect(() => blockGibbs().bind(plainEnergy(spins(2), () => 0))).toThrow("restricted Boltzmann machine");
  const bound = blockGibbs().bind(strongMachine(3, 2));
  expect(() => bound.step(createRng(1), bound.init(Int8Array.of(1, 1, 1)), 0.5)).toThrow(
    "β = 1 only, got 0.5",
  );
});

test("the general trainer of samplers learns it by contrastive divergence", async () => {
  const machine = restrictedBoltzmannMachine({ visible: 4, hidden: 3, seed: 3 });
  const data = [Int8Array.of(1, 1, -1, -1), Int8Array.of(-1, -1, 1, 1), Int8Array.of(1, 1, 1, 1)];
  const before = exactLikelihood(machine, data).loss;
  await maximizeLikelihood(machine, data, contrastiveDivergence(blockGibbs(), { steps: 2 }), {
    seed: 1,
    updates: 1500,
    learningRate: 0.1,
  });
  const after = exactLikelihood(machine, data).loss;
  expect(before).toBeGreaterThan(2.6);
  expect(after).toBeLessThan(1.7);
});

test("the general task completes a state", () => {
  const machine = strongMachine(5, 3);
  const known = [true, true, false, false, false];
  const { state, certificate } = complete(machine, Int8Array.of(1, -1, -1, -1, -1), { known, seed: 1 });
  expect(certificate).toBe("exact");
  const least = Math.min(
    ...spinStates(5)
      .filter((s) => s[0] === 1 && s[1] === -1)
      .map((s) => machine.energy(s)),
  );
  expect(machine.energy(state)).toBeCloseTo(least, 12);
});

describe("a machine with labels", () => {
  const machine = new ClassMachine(strongMachine(6, 4), 2);

  test("gives E(v, y) as the machine over pixels and labels does", () => {
    const x = Int8Array.of(1, -1, 1, 1);
    const out = machine.energies(x, new Float64Array(2));
    expect(out[0]).toBeCloseTo(machine.machine.energy(Int8Array.of(...x, 1, -1)), 12);
    expect(out[1]).toBeCloseTo(machine.machine.energy(Int8Array.of(...x, -1, 1)), 12);
    expect(machine.energy({ x, y: 1 })).toBe(out[1]);
    expect(predict(machine, x).label).toBe(out[0] <= out[1] ? 0 : 1);
  });

  test("refuses labels that do not exist and spins", () => {
    expect(() => machine.energy({ x: Int8Array.of(1, 1, 1, 1), y: 2 })).toThrow("label is 2");
    expect(() => new ClassMachine(strongMachine(6, 2, "spins"), 2)).toThrow("encoding bits");
    expect(() => classMachine({ visible: 3, labels: 1, hidden: 2, seed: 0 })).toThrow("labels is 1");
  });
});

describe("a model file", () => {
  const machine = strongMachine(3, 2, "spins");
  const bytes = formatMachine(machine, { width: 3, note: "ä" });

  test("gives back machine and notes", () => {
    const read = parseMachine(bytes);
    expect(read.notes).toEqual({ width: 3, note: "ä" });
    expect((read.machine as RestrictedBoltzmannMachine).encoding).toBe("spins");
    expect([...(read.machine as RestrictedBoltzmannMachine).parameters]).toEqual([...machine.parameters]);
    const labeled = parseMachine(formatMachine(new ClassMachine(strongMachine(6, 4), 2))).machine;
    expect(labeled).toBeInstanceOf(ClassMachine);
    expect(labeled.visible).toBe(4);
  });

  test("is refused with any byte changed, and cut anywhere", () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] ^= 16;
      expect(() => parseMachine(changed, "m.rbm")).toThrow(/^m\.rbm (is|has) /);
      expect(() => parseMachine(bytes.subarray(0, at), "m.rbm")).toThrow(/^m\.rbm (is|has) /);
    }
  });

  test("is not written with parameters that are no numbers", () => {
    const broken = strongMachine(3, 2);
    broken.parameters[4] = Number.NaN;
    expect(() => formatMachine(broken)).toThrow("parameter 4 of the machine is NaN");
  });
});

test("sizes, encodings and states that cannot be are refused by name", () => {
  expect(() => restrictedBoltzmannMachine({ visible: 0, hidden: 2, seed: 0 })).toThrow("visible is 0");
  expect(() => restrictedBoltzmannMachine({ visible: 2, hidden: 1.5, seed: 0 })).toThrow("hidden is 1.5");
  expect(() =>
    restrictedBoltzmannMachine({ visible: 2, hidden: 2, encoding: "trits" as never, seed: 0 }),
  ).toThrow('unknown encoding "trits"; known: bits, spins');
  expect(() => strongMachine(3, 2).energy(Int8Array.of(1, 0, 1))).toThrow("0 at 1");
  expect(() => strongMachine(3, 2).energy(Int8Array.of(1, 1))).toThrow("length 2, expected 3");
  expect(() => exactLogPartition(restrictedBoltzmannMachine({ visible: 30, hidden: 26, seed: 0 }))).toThrow(
    "2^26",
  );
});
