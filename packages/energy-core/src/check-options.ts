import { ArgumentError } from "./errors.ts";
import { kindOf } from "./kind-of.ts";

/** The words of a string separated by single spaces. */
type Words<S extends string, Found extends string = never> = S extends `${infer Word} ${infer Rest}`
  ? Words<Rest, Found | Word>
  : Found | S;

/** The names of the options of every member of a union. */
type NamesOf<O> = O extends unknown ? keyof O & string : never;

/** Anything where `S` names every option of `O` and no other, which the compiler checks. */
type Complete<O, S extends string> = [NamesOf<O>] extends [Words<S>]
  ? [Words<S>] extends [NamesOf<O>]
    ? string
    : { readonly unknown: Exclude<Words<S>, NamesOf<O>> }
  : { readonly missing: Exclude<NamesOf<O>, Words<S>> };

/**
 * Checks that `options` have no name unknown to the function `asker`.
 *
 * @param names every option of the type of `options`, separated by single spaces, in one string or several; the
 * compiler rejects a list with a missing or extra name
 *
 * @throws {ArgumentError} for an unknown option, listing the known ones, and for options that are no object.
 */
export function checkOptions<O, const S extends string>(
  asker: string,
  options: O,
  ...names: readonly (S & Complete<NonNullable<O>, S>)[]
): void {
  const known = names.flatMap((text) => text.split(" "));
  const isList = Array.isArray(options) || ArrayBuffer.isView(options);
  const isObject = typeof options === "object" && options !== null && !isList;
  const unknown = isObject && Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ArgumentError(
    `${isObject ? `${asker} has no option "${unknown}"` : `the options of ${asker} are ${kindOf(options)}, expected an object`}; known: ${known.join(", ") || "none"}`,
  );
}
