import { command } from "../../command.ts";
import { readBytes } from "../../files/read.ts";
import { problem, readProblem } from "../../options/problem.ts";
import { word } from "../../options/settings.ts";

export default command({
  options: {
    file: word("<file>", "the problem"),
    solution: word(
      "<solution>",
      'JSON with "spins" (−1, +1) or "bits" (0, 1) in order, or an "assignment" by name',
    ),
    ...problem,
  },
  /** Recomputes the energy over the file's own terms, and compares up to the rounding of a plain sum. */
  async run(options) {
    const { cutWeight, parseSolution, roundingBound } = await import("@basin/ising");
    const held = await readProblem(options.file, options);
    const { state, claims } = parseSolution(new TextDecoder().decode(readBytes(options.solution)), held, {
      file: options.solution,
    });
    const energy = held.problem.energy(state);
    const tolerance = roundingBound(held.problem, state);
    const figures: { energy: number; cut?: number; objective?: number } = {
      energy,
      ...(held.graph && { cut: cutWeight(held.graph, state) }),
      ...(held.maximize && { objective: -energy }),
    };
    const agrees = Object.entries(figures).every(([name, found]) => {
      const claimed = claims[name];
      // A solution without a claim is not contradicted.
      return claimed === undefined || (typeof claimed === "number" && Math.abs(claimed - found) <= tolerance);
    });
    if (!agrees) process.exitCode = 1;
    return { ...figures, tolerance, agrees, notes: held.notes };
  },
  print({ tolerance, agrees, notes: _, ...figures }) {
    const what = Object.entries(figures).map(([name, found]) => `${name} ${found}`);
    const verdict = agrees ? "as the solution says" : "NOT what the solution says";
    return [`${what.join(", ")}: ${verdict}, up to ${tolerance} that a plain sum may round`];
  },
});
