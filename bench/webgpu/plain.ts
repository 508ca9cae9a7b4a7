import { Board, dispatch } from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";

const ROWS = 16;
const GROUP = 64;

/**
 * The square lattice as a hand writes it, for comparison: two colors, sixteen rows a generator, and plain Metropolis,
 * which flips all ΔE ≤ 0 and is not irreducible. Resolves to what sweeps so often and to what waits for it.
 */
export async function plainSquare(device: GpuDevice, side: number, beta: number) {
  const [words, rows] = [side / 64, side];
  const threads = (words * rows) / ROWS;
  const board = new Board(device);
  const [even, odd] = [0, 1].map(() => board.storage("a color", 4 * words * rows));
  const states = board.storage("the generators", 16 * threads);
  const seeds = new Uint32Array(4 * threads);
  for (let k = 0, h = 12345; k < seeds.length; k++) {
    h = (Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    seeds[k] = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  }
  board.write(states, seeds);
  const limits = [4, 8].map((delta) => Math.floor(Math.exp(-beta * delta) * 2 ** 32));
  const bounds = await Promise.all(
    [0, 1].map(async (color) => {
      const pipeline = await board.pipeline(kernel(words, rows, color, limits), "sweep");
      return board.bind(pipeline, [
        [0, color === 0 ? even : odd],
        [1, color === 0 ? odd : even],
        [2, states],
      ]);
    }),
  );
  return {
    sweep: (sweeps: number) =>
      board.submit((encoder) => {
        const pass = encoder.beginComputePass();
        for (let k = 0; k < sweeps; k++)
          for (const bound of bounds) dispatch(pass, bound, Math.ceil(threads / GROUP));
        pass.end();
      }),
    done: () => board.read([{ buffer: states, bytes: 16 }]),
    dispose: () => board.dispose(),
  };
}

const kernel = (words: number, rows: number, color: number, [four, eight]: readonly number[]) => `
@group(0) @binding(0) var<storage, read_write> own: array<u32>;
@group(0) @binding(1) var<storage, read> other: array<u32>;
@group(0) @binding(2) var<storage, read_write> states: array<vec4u>;
var<private> s: vec4u;
fn draw() -> u32 {
  let sum = s.x + s.w;
  let r = ((sum << 7u) | (sum >> 25u)) + s.x;
  let t = s.y << 9u;
  s.z ^= s.x; s.w ^= s.y; s.y ^= s.z; s.x ^= s.w; s.z ^= t;
  s.w = (s.w << 11u) | (s.w >> 21u);
  return r;
}
@compute @workgroup_size(${GROUP}) fn sweep(@builtin(global_invocation_id) id: vec3u) {
  let w = id.x % ${words}u;
  let first = id.x / ${words}u * ${ROWS}u;
  if (first >= ${rows}u) { return; }
  s = states[id.x];
  var up = other[(first + ${rows - 1}u) % ${rows}u * ${words}u + w];
  var mid = other[first * ${words}u + w];
  for (var i = 0u; i < ${ROWS}u; i++) {
    let r = first + i;
    let down = other[(r + 1u) % ${rows}u * ${words}u + w];
    let x = own[r * ${words}u + w];
    var side: u32;
    if (((r ^ ${color}u) & 1u) == 0u) {
      side = (mid << 1u) | (other[r * ${words}u + (w + ${words - 1}u) % ${words}u] >> 31u);
    } else {
      side = (mid >> 1u) | (other[r * ${words}u + (w + 1u) % ${words}u] << 31u);
    }
    let a = ~(x ^ up); let b = ~(x ^ down); let c = ~(x ^ mid); let d = ~(x ^ side);
    let h = a ^ b; let k = a & b; let y = c ^ d; let l = c & d;
    let ones = h ^ y;
    let all = k & l; let three = ones & (k | l);
    var open = three | all;
    var hit = ~open;
    for (var n = 31u; n < 32u && open != 0u; n--) {
      let wanted = (three & (0u - ((${four}u >> n) & 1u))) | (all & (0u - ((${eight}u >> n) & 1u)));
      let q = draw();
      hit |= open & ~q & wanted;
      open &= ~(q ^ wanted);
    }
    own[r * ${words}u + w] = x ^ hit;
    up = mid; mid = down;
  }
  states[id.x] = s;
}`;
