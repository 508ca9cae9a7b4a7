/** The functions of assembly/fill.ts, which says what each does; pointers in bytes. */
export interface FillExports {
  fillNormal(state: number, out: number, blocks: number, mean: number, sd: number): void;
  fillUniform(state: number, out: number, blocks: number, low: number, width: number): void;
}
