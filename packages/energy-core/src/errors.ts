import { kindOf } from "./kind-of.ts";

/**
 * Base class of every error that Basin throws for input it cannot accept. `instanceof` holds across copies of this
 * package too, as where two versions of it are installed: it goes by the names of the classes.
 */
export class BasinError extends Error {
  /** Name of the class, the same in every copy and however the code was minified. */
  static readonly basinName: string = "BasinError";

  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.basinName;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: the class asked about is the one that inherits this method.
    if (Object.hasOwn(this, "basinName"))
      for (let made = value; made instanceof Object; made = Object.getPrototypeOf(made))
        if (
          Object.hasOwn(made.constructor, "basinName") &&
          (made.constructor as typeof BasinError).basinName === this.basinName
        )
          return true;
    return Function.prototype[Symbol.hasInstance].call(this, value);
    // biome-ignore-end lint/complexity/noThisInStatic: as above.
  }
}

/** A value of the wrong length or shape. */
export class DimensionError extends BasinError {
  static override readonly basinName: string = "DimensionError";
}

/** An argument outside its range, or a name that is not known. */
export class ArgumentError extends BasinError {
  static override readonly basinName: string = "ArgumentError";
}

/** An energy or gradient that is NaN or −∞. */
export class EnergyValueError extends BasinError {
  static override readonly basinName: string = "EnergyValueError";
}

/** A capability that an energy lacks and the called function needs. */
export class CapabilityError extends BasinError {
  static override readonly basinName: string = "CapabilityError";
}

/** A computation refused before it starts because it would cost too much. */
export class CostError extends BasinError {
  static override readonly basinName: string = "CostError";
}

/**
 * Returns `energy` when it is legal (finite or +∞).
 *
 * @throws {EnergyValueError} for NaN and −∞, naming the value and `where` it arose.
 */
export function checkEnergy(energy: number, where: string): number {
  if (typeof energy === "number" && energy > Number.NEGATIVE_INFINITY) return energy;
  throw new EnergyValueError(`${where} is ${kindOf(energy)}; an energy must be a finite number or +Infinity`);
}

/**
 * @throws {DimensionError} when `length` differs from `expected`; `what` names the value.
 */
export function checkLength(what: string, length: number, expected: number): void {
  if (length !== expected) throw new DimensionError(`${what} has length ${length}, expected ${expected}`);
}

/**
 * Returns `values` if they are a list, such as an array or a typed array, and not a tensor, a promise or nested arrays.
 * It does not check the entries.
 *
 * @throws {ArgumentError} otherwise, naming the kind of value.
 */
export function checkList<T extends ArrayLike<unknown>>(name: string, values: T): T {
  const isList =
    typeof values === "object" &&
    Number.isSafeInteger(values?.length) &&
    (typeof values[0] !== "object" || values[0] === null);
  checkKind(name, values, isList, "a list of numbers");
  return values;
}

/**
 * Returns `values` if they are a list of numbers, NaN among them: arithmetic would also take null and "1" for numbers.
 *
 * @throws {ArgumentError} otherwise, naming the first entry that is none.
 */
export function checkNumbers<T extends ArrayLike<number>>(name: string, values: T): T {
  checkList(name, values);
  // Typed arrays hold numbers, or big integers, alone.
  const end = ArrayBuffer.isView(values) ? Math.min(1, values.length) : values.length;
  for (let i = 0; i < end; i++)
    if (typeof values[i] !== "number") checkKind(`${name}[${i}]`, values[i], false, "a number");
  return values;
}

/** @throws {ArgumentError} unless `isRight`, naming the kind of `value` and what was `expected`. */
export function checkKind(name: string, value: unknown, isRight: boolean, expected: string): void {
  if (!isRight) throw new ArgumentError(`${name} is ${kindOf(value)}, expected ${expected}`);
}

/** The limits of {@link checkNumber}. */
export interface NumberRange {
  /** Smallest allowed value. */
  min?: number;
  /** Values must be strictly above this. */
  above?: number;
  /** Largest allowed value. */
  max?: number;
  /** Whether only integers are allowed. Default false. */
  integer?: boolean;
}

/**
 * Returns `value` when it is a finite number within `range`.
 *
 * @example
 * ```ts
 * import { checkNumber } from "@basin/energy-core";
 *
 * console.log(checkNumber("stepSize", 0.1, { above: 0 })); // 0.1
 * ```
 *
 * @throws {ArgumentError} otherwise, naming the argument, the value and what was expected.
 */
export function checkNumber(name: string, value: number, range: NumberRange = {}): number {
  const { min = -Infinity, above = -Infinity, max = Infinity, integer = false } = range;
  const legal =
    Number.isFinite(value) &&
    value >= min &&
    value > above &&
    value <= max &&
    (!integer || Number.isSafeInteger(value));
  if (legal) return value;
  const limits: string[] = [];
  if (min > -Infinity) limits.push(`at least ${min}`);
  if (above > -Infinity) limits.push(`above ${above}`);
  if (max < Infinity) limits.push(`at most ${max}`);
  const kind = integer ? "an integer" : "a finite number";
  throw new ArgumentError(
    `${name} is ${kindOf(value)}, expected ${[kind, limits.join(" and ")].filter(Boolean).join(" ")}`,
  );
}

/**
 * Returns `name` when it is one of `known`.
 *
 * @throws {ArgumentError} otherwise, listing the known names.
 */
export function checkName<T extends string>(what: string, name: string, known: readonly T[]): T {
  if ((known as readonly string[]).includes(name)) return name as T;
  throw new ArgumentError(`unknown ${what} "${name}"; known: ${known.join(", ")}`);
}

/** An inverse temperature given either way round. */
export interface TemperatureOptions {
  /** β, at least 0. Default 1. */
  inverseTemperature?: number;
  /** T = 1/β, above 0. Never together with `inverseTemperature`. */
  temperature?: number;
}

/**
 * Returns β from options that name either β or T = 1/β (T = 0 gives β = +∞, T = +∞ gives β = 0); 1 when neither is
 * given.
 *
 * @param asker the call without a natural temperature, which requires one of the two
 *
 * @throws {ArgumentError} when both are given, or one is negative or NaN, or none is and `asker` needs one.
 */
export function resolveInverseTemperature(options: TemperatureOptions = {}, asker?: string): number {
  const { inverseTemperature, temperature } = options;
  if (asker !== undefined && inverseTemperature === undefined && temperature === undefined) {
    throw new ArgumentError(`${asker} needs a temperature: give temperature or inverseTemperature`);
  }
  if (inverseTemperature !== undefined && temperature !== undefined) {
    throw new ArgumentError(
      `inverseTemperature (${inverseTemperature}) and temperature (${temperature}) were both given; give one`,
    );
  }
  const [name, value] =
    temperature === undefined
      ? (["inverseTemperature", inverseTemperature ?? 1] as const)
      : (["temperature", temperature] as const);
  if (!(value >= 0)) throw new ArgumentError(`${name} is ${value}, expected a number at least 0`);
  return temperature === undefined ? value : 1 / value;
}
