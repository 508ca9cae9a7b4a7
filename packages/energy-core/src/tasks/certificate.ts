/**
 * What an answer is worth: `"exact"`, no state does better; `"local"`, no small change does better; `"drawn"`, a sample
 * of the Gibbs distribution, not a minimum.
 */
export type Certificate = "exact" | "local" | "drawn";
