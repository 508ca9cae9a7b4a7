import { fit, resolved } from "../../demos/shared/plot.ts";
import { choice, type Setting } from "../../demos/shared/settings.ts";
import { Figure } from "../figure.ts";

type Row = readonly [name: string, ...cells: string[]];

/** Draws a column of the table inside it, of cells such as "0.215 ± 0.016", as bars with error bars. */
class Chart extends Figure<{ column: Setting<string> }> {
  #head: readonly string[] = [];
  #rows: Row[] = [];

  protected plan() {
    const rows = Array.from(this.querySelectorAll("tr"), (row) =>
      Array.from(row.cells, (cell) => cell.textContent!.trim()),
    );
    [this.#head, ...this.#rows] = rows as [string[], ...Row[]];
    const columns = Object.fromEntries(this.#head.slice(1).map((title, k) => [`c${k + 1}`, title]));
    return { schema: { column: choice("Figure", "c1", columns) }, height: `${2.6 * this.#rows.length}rem` };
  }

  protected paint(): void {
    const column = Number(this.settings.column.slice(1));
    const values = this.#rows.map((row) => row[column].split("±").map(Number));
    const top = Math.max(...values.map(([mean, error = 0]) => mean + error));
    const { context, width, height } = fit(this.canvas);
    const row = height / this.#rows.length;
    context.font = `14px ${getComputedStyle(this.canvas).fontFamily}`;
    for (const [k, [mean, error = 0]] of values.entries()) {
      const y = k * row;
      const length = (value: number) => Math.max(0, (value / top) * width);
      context.fillStyle = resolved(this.canvas, "--ink");
      context.fillText(`${this.#rows[k][0]}: ${this.#rows[k][column]}`, 0, y + row * 0.4);
      context.fillStyle = resolved(this.canvas, "--up");
      context.fillRect(0, y + row * 0.55, length(mean), row * 0.28);
      context.fillStyle = resolved(this.canvas, "--accent");
      context.fillRect(
        length(mean - error),
        y + row * 0.66,
        Math.max(1, length(mean + error) - length(mean - error)),
        2,
      );
    }
    this.say(
      `${this.#head[column]}: bars are means, red lines standard errors. All numbers are in the table.`,
    );
  }
}

customElements.define("basin-chart", Chart);
