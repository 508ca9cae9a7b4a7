import { choice, range, seed, type Values } from "../shared/settings.ts";

/** Pictures to begin from: one of each digit, and four that are none. */
export const pictureCount = 14;

/** What a visitor sets. */
export const schema = {
  task: choice("Task", "generate", { generate: "draw a class", complete: "complete the picture" }),
  digit: choice("Class", "3", {
    ...{ 0: "0", 1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 6: "6", 7: "7", 8: "8", 9: "9" },
  }),
  hide: choice(
    "Hidden half",
    "lower",
    { lower: "lower", upper: "upper", left: "left", right: "right" },
    "It begins as noise and is drawn as each of the ten classes; the one of lowest E(x, y) is shown.",
  ),
  picture: range("Begin from picture", 6, [1, pictureCount, 1]),
  steps: range("Langevin steps", 200, [50, 500, 50]),
  keep: range("Digits kept", 0.95, [0.8, 0.99, 0.01], {
    show: (share) => `${Math.round(100 * share)} %`,
    hint: "τ is set so that this share of fresh digits lies below it.",
  }),
  seed: seed(),
};

export type Settings = Values<typeof schema>;
