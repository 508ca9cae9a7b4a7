import { BasinError } from "@basin/energy-core";

/** A file that does not say what its format asks for; `line` and `column` count from 1. */
export class FormatError extends BasinError {
  static override readonly basinName: string = "FormatError";
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${message}`);
    this.line = line;
    this.column = column;
  }
}
