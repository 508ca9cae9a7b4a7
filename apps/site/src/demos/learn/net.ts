import { expression, learnable, type Operand, vector } from "@basin/energy-core/expression";
import { createRng } from "@basin/energy-core/random";

/** Units of each hidden layer. */
const width = 32;
/** s of the base ‖x‖²/2s², which lets exp(−E) be normalized. */
const baseScale = 2;

/**
 * Returns the energy of a net 2-32-32-1 with swish over points of the plane, written as a formula: compiled, with
 * derivatives by the point and by the weights. The first slopes are steep enough for densities as narrow as 0.1.
 */
export function planeEnergy(seed: number) {
  const rng = createRng(seed);
  const normal = (rows: number, columns: number, deviation: number) =>
    learnable({
      data: Float64Array.from({ length: rows * columns }, () => deviation * rng.normal()),
      shape: [rows, columns],
    });
  const shifts = Float64Array.from({ length: width }, () => 4 * rng.uniform() - 2);
  const glorot = 1 / Math.sqrt(width);
  return expression(
    {
      x: vector(2),
      first: normal(width, 2, 2),
      firstShift: learnable(shifts),
      second: normal(width, width, glorot),
      secondShift: learnable(new Float64Array(width)),
      last: learnable(Float64Array.from({ length: width }, () => glorot * rng.normal())),
    },
    ({ x, first, firstShift, second, secondShift, last }, { add, dot, matmul, mul, sigmoid }) => {
      const swish = (z: Operand) => mul(z, sigmoid(z));
      const hidden = swish(add(matmul(first, x), firstShift));
      const features = swish(add(matmul(second, hidden), secondShift));
      return add(dot(last, features), mul(0.5 / baseScale ** 2, dot(x, x)));
    },
  );
}
