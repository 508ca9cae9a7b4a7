import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { givenNames, repository, runSource } from "./src/named-commands.ts";

/**
 * Writes docs/pictures/NAME.svg for each NAME given: the chart of a command, on paper of its own that is light or dark
 * as the reader's screen is. The seeds give the same picture again.
 */
const commands: Readonly<Record<string, string>> = {
  ising: "ising scan --temperatures 1.5:3.5:0.1 --sizes 16,32,64 --sweeps 2000 --seed 1",
  potts:
    "potts scan --states 3 --algorithm swendsen-wang --temperatures 0.9:1.1:0.02 --sizes 8,16,32 --draws 3000 --seed 1",
  hopfield:
    "hopfield capacity --neurons 400 --rules hebbian,storkey,pseudo-inverse --loads 0.02:0.3:0.02 --networks 4 --seed 1",
  calibration: "jem evaluate apps/site/src/demos/jem/model --attacked 0 --ood inverted",
};

const room = 12;
const style =
  "<style>:root{color:#1f2733}.paper{fill:#fff}@media(prefers-color-scheme:dark){:root{color:#e9e5da}.paper{fill:#181e27}}</style>";

const names = givenNames(commands);
const folder = mkdtempSync(join(tmpdir(), "basin-pictures-"));
for (const name of names) {
  const file = join(folder, `${name}.svg`);
  runSource(`apps/cli/basin.js ${commands[name]}`, "--plot", file);
  writeFileSync(join(repository, "docs/pictures", `${name}.svg`), `${onPaper(readFileSync(file, "utf8"))}\n`);
}
rmSync(folder, { recursive: true });

/** Returns a chart with room and paper around it. */
function onPaper(svg: string): string {
  return svg.replace(/^<svg[^>]*>/, (start) => {
    const box = (/viewBox="([^"]*)"/.exec(start) as RegExpExecArray)[1].split(" ").map(Number);
    const [x, y, width, height] = box.map((side, k) => (k < 2 ? side - room : side + 2 * room));
    const opened = start
      .replace(/ viewBox="[^"]*"/, ` viewBox="${x} ${y} ${width} ${height}"`)
      .replace(/ width="[^"]*"/, ` width="${width}"`)
      .replace(/ height="[^"]*"/, ` height="${height}"`);
    return `${opened}${style}<rect class="paper" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
  });
}
