import { choice, range, type Values } from "../shared/settings.ts";

/** What a visitor sets. */
export const schema = {
  pixels: choice(
    "Pixels become",
    "model",
    { model: "0 to 1", signed: "−1 to 1", bytes: "0 to 255" },
    "As in training. A model that scales pixels itself gets 0 to 255 from the first as well.",
  ),
  sizes: choice("Other sizes are", "refuse", { refuse: "left out", stretch: "stretched" }),
  outputs: choice(
    "Outputs",
    "structure",
    { structure: "as built", logits: "logits", binary: "one of two", exclusive: "exclusive" },
    "Says what they are where the layers leave two readings.",
  ),
  backend: choice("Runs on", "cpu", { cpu: "the processor", webgl: "the graphics card" }),
  keep: range("Known images kept", 0.95, [0.8, 0.99, 0.01], {
    show: (share) => `${Math.round(100 * share)} %`,
    hint: "τ is set so that this share of fresh images of the known kind lies below it.",
  }),
};

export type Settings = Values<typeof schema>;
