import { ArgumentError, DimensionError, type Matrix, type MatrixLike, toMatrix } from "@basin/energy-core";

/**
 * Returns data as probabilities of each unit being on, [n, units]. Values in [0, 1] are probabilities; data of −1 and
 * +1 are spins.
 *
 * @throws {DimensionError} for rows of another length.
 * @throws {ArgumentError} for no rows, and naming a value that is neither.
 */
export function probabilities(source: MatrixLike, units: number): Matrix<Float32Array> {
  const data = toMatrix(source, Float32Array, "data");
  const [rows, columns] = data.shape;
  if (rows === 0) throw new ArgumentError("there are no data to learn from");
  if (columns !== units) {
    throw new DimensionError(`data have rows of ${columns}, the machine has ${units} visible units`);
  }
  const values = data.data;
  const spins = values.some((value) => value < 0);
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    const legal = spins ? value === 1 || value === -1 : value >= 0 && value <= 1;
    if (!legal) {
      const place = `row ${Math.floor(k / columns)}, column ${k % columns}`;
      const expected = spins ? "−1 or +1, as other values are negative" : "a number from 0 to 1";
      throw new ArgumentError(`data at ${place} are ${value}, expected ${expected}`);
    }
    if (spins) values[k] = value > 0 ? 1 : 0;
  }
  return data;
}
