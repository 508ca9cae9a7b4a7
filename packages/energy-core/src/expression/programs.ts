import type { Can } from "../energy.ts";
import { checkLength } from "../errors.ts";
import type { Quantities } from "../space.ts";
import { compiled, type KernelOption } from "../wasm/choose.ts";
import { interpret } from "./interpret.ts";
import type { Output, Program } from "./lower.ts";
import type { Model } from "./model.ts";
import { compile } from "./wasm/compile.ts";

/** The values of parts by name: numbers, vectors, and matrices by rows. */
export type NamedValues<N extends string> = { [K in N]: number | Float64Array };

/** What every traced formula can compute, whatever its states are. */
export class Programs<X extends ArrayLike<number>, N extends string = string> {
  readonly #model: Model;
  readonly #option: KernelOption;
  readonly #inputs: number;
  readonly value: () => Program;
  readonly #inParts: () => Program;
  readonly #byParameters: () => Program;

  constructor(model: Model, option: KernelOption = "auto") {
    this.#model = model;
    this.#option = option;
    this.#inputs = model.dimension + model.parameters.length;
    const { quantities } = model;
    this.value = once(() => this.build([model.total]));
    this.#inParts = once(() => interpret(quantities, this.#inputs, size(quantities)));
    this.#byParameters = once(() => this.build(model.slopes("parameters")));
  }

  build(outputs: readonly Output[]): Program {
    const [inputs, length] = [this.#inputs, size(outputs)];
    return (
      compiled(this.#option, () => compile(outputs, inputs, length)) ?? interpret(outputs, inputs, length)
    );
  }

  /** Returns the results of a program at a state and the parameters as they are. */
  run(program: Program, x: X): Float64Array {
    const { dimension, parameters } = this.#model;
    checkLength("state", x.length, dimension);
    for (let i = 0; i < dimension; i++) program.state[i] = x[i];
    for (let k = 0; k < parameters.length; k++) program.state[dimension + k] = parameters[k];
    program.run();
    return program.results;
  }

  energy = (x: X): number => this.run(this.value(), x)[0];

  /** What training may change, where the formula has any. */
  learns(): Partial<Can<X, "parameters">> {
    const { parameters: values } = this.#model;
    if (values.length === 0) return {};
    const addGradient = (x: X, weight: number, out: Float64Array) => {
      checkLength("out", out.length, values.length);
      const results = this.run(this.#byParameters(), x);
      for (let k = 0; k < out.length; k++) out[k] += weight * results[k];
    };
    return { parameters: { values, addGradient } };
  }

  quantities(): Quantities<X, N> {
    const { quantities } = this.#model;
    const names = quantities.flatMap(({ name, shape }) => entryNames(name, shape));
    return {
      parts: Object.fromEntries(quantities.map(({ name, shape }) => [name, shape])) as Record<
        N,
        readonly number[]
      >,
      names,
      write: (x, out) => {
        checkLength("out", out.length, names.length);
        out.set(this.run(this.#inParts(), x));
        return out;
      },
    };
  }

  /** Returns the values of the state's parts. */
  values = (x: X): NamedValues<N> => {
    const results = this.run(this.#inParts(), x);
    const entries = this.#model.quantities.map(({ name, shape, offset, length }) => [
      name,
      shape.length === 0 ? results[offset] : results.slice(offset, offset + length),
    ]);
    return Object.fromEntries(entries) as NamedValues<N>;
  };
}

function entryNames(name: string, [rows, columns]: readonly number[]): string[] {
  if (rows === undefined) return [name];
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  if (columns === undefined) return range(rows).map((i) => `${name}[${i}]`);
  return range(rows).flatMap((i) => range(columns).map((j) => `${name}[${i},${j}]`));
}

const size = (outputs: readonly Output[]) => outputs.reduce((sum, { length }) => sum + length, 0);

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
