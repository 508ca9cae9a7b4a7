import type { Plan } from "./plan.ts";

/** What the text of the kernels depends on. */
export interface KernelText {
  readonly plan: Plan;
  /** Numbers of unsatisfied bonds that are classes of their own, and 2 where the spin's sign divides them. */
  readonly counts: number;
  readonly signs: 1 | 2;
  /** Whether all bonds are antiferromagnetic. */
  readonly negative: boolean;
  /** Whether each bond has a sign. */
  readonly glass: boolean;
}

/** A row's bits next to each other. */
export const HEAD = `
fn alongRow(middle: u32, far: u32, forward: bool) -> u32 {
  return select((middle << 1u) | (far >> 31u), (middle >> 1u) | (far << 31u), forward);
}
`;

/** The bits of a word that are spins. */
export const mask = ({ bits }: Plan) => `0x${(bits === 32 ? 0xffffffff : 2 ** bits - 1).toString(16)}u`;

/** Divides the spins into classes, and flips each with the probability of its class. */
export function flip(text: KernelText, target: string): string {
  const { plan, counts, signs } = text;
  const { lines, digits } = count(plan.neighbors[0].map((_, n) => `a${n}`));
  const masks: string[] = [];
  for (let u = 0; u < counts; u++) {
    const merged = u === counts - 1 && counts <= plan.z;
    const equal = digits.map((digit, d) => ((u >> d) & 1 ? digit : `~${digit}`)).join(" & ");
    const below = Array.from({ length: u }, (_, k) => `u${k}`).join(" | ");
    masks.push(`    let u${u} = ${merged ? `~(${below})` : equal};`);
  }
  const classes = Array.from({ length: counts * signs }, (_, c) =>
    signs === 1 ? `u${c}` : c < counts ? `(u${c} & ~x)` : `(u${c - counts} & x)`,
  );
  const rounds = (half: "high" | "low") => `
    for (var k = 31u; k < 32u && open != 0u; k--) {
      let wanted = ${classes.map((c, i) => `(${c} & (0u - ((${half}${i} >> k) & 1u)))`).join(" | ")};
      let decided = open & (draw() ^ wanted);
      hit |= decided & wanted;
      open &= ~decided;
    }`;
  const low = classes.map(
    (_, c) => `      let low${c} = thresholds[${2 * classes.length}u * slot + ${classes.length + c}u];`,
  );
  return `${lines.join("\n")}
${masks.join("\n")}
    var open = ${mask(plan)};
    var hit = 0u;${rounds("high")}
    if (open != 0u) {
${low.join("\n")}${rounds("low")}
    }
    ${target} = x ^ hit;`;
}

/** Adds bits of equal weight, by adders of three and of two, to the digits of their number. */
function count(terms: readonly string[]): { lines: string[]; digits: string[] } {
  const lines: string[] = [];
  const digits: string[] = [];
  let level = [...terms];
  for (let d = 0; level.length > 0; d++) {
    const carries: string[] = [];
    for (let k = 0; level.length > 1; k++) {
      const [a, b, c] = level.splice(0, Math.min(3, level.length));
      const name = `${d}_${k}`;
      lines.push(`    let h${name} = ${a} ^ ${b};`);
      lines.push(`    let c${name} = (${a} & ${b})${c === undefined ? "" : ` | (h${name} & ${c})`};`);
      if (c !== undefined) lines.push(`    let s${name} = h${name} ^ ${c};`);
      level.push(c === undefined ? `h${name}` : `s${name}`);
      carries.push(`c${name}`);
    }
    digits.push(level[0]);
    level = carries;
  }
  return { lines, digits };
}
