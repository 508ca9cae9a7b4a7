/**
 * The guarantee of an answer: `"exact"`, no state is better; `"local"`, no small change is better; `"drawn"`, a sample
 * of the Gibbs distribution, not a minimum.
 */
export type Certificate = "exact" | "local" | "drawn";
