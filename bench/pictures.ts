import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Writes docs/pictures/NAME.svg for each NAME given: the chart of a command, on paper of its own that is light or dark
 * as the reader's screen is. The seeds give the same picture again.
 */
const commands: Readonly<Record<string, string>> = {
  ising: "ising scan --temperatures 1.5:3.5:0.1 --sizes 16,32,64 --sweeps 2000",
  potts:
    "potts scan --states 3 --algorithm swendsen-wang --temperatures 0.9:1.1:0.02 --sizes 8,16,32 --draws 3000",
  hopfield:
    "hopfield capacity --neurons 400 --rules hebbian,storkey,pseudo-inverse --loads 0.02:0.3:0.02 --networks 4",
  calibration: "jem evaluate apps/site/src/demos/jem/model --attacked 0 --ood inverted",
};

/** Without a seed to give: it draws nothing. */
const fixed = ["calibration"];
const room = 12;
const style =
  "<style>:root{color:#1f2733}.paper{fill:#fff}@media(prefers-color-scheme:dark){:root{color:#e9e5da}.paper{fill:#181e27}}</style>";

const repository = resolve(import.meta.dirname, "..");
const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in commands));
if (names.length === 0 || unknown !== undefined) {
  console.error(
    `${unknown === undefined ? "no name is given" : `unknown name "${unknown}"`}; known: ${Object.keys(commands).join(", ")}`,
  );
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "basin-pictures-"));
for (const name of names) {
  const file = join(folder, `${name}.svg`);
  const seed = fixed.includes(name) ? [] : ["--seed", "1"];
  const node = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning", "apps/cli/basin.js"];
  const { status } = spawnSync(
    process.execPath,
    [...node, ...commands[name].split(" "), ...seed, "--plot", file],
    {
      ...{ cwd: repository, stdio: ["ignore", "ignore", "inherit"] },
    },
  );
  if (status !== 0) throw new Error(`${commands[name]} ended with ${status}`);
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
