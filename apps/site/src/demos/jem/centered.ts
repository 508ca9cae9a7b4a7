import { digitSide as side } from "../shared/digits.ts";

/** Returns a picture moved by whole pixels so that its center of mass is in the middle, as digits of MNIST are. */
export function centered(picture: Float32Array): Float32Array {
  let [mass, across, down] = [0, 0, 0];
  for (const [k, ink] of picture.entries()) {
    mass += ink;
    across += ink * (k % side);
    down += ink * Math.floor(k / side);
  }
  const middle = (side - 1) / 2;
  const [dx, dy] = [across, down].map((sum) => (mass === 0 ? 0 : Math.round(middle - sum / mass)));
  return picture.map((_, k) => {
    const [x, y] = [(k % side) - dx, Math.floor(k / side) - dy];
    return x >= 0 && y >= 0 && x < side && y < side ? picture[y * side + x] : 0;
  });
}
