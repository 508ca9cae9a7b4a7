import { checkOptions } from "../../check-options.ts";
import type { Can, Cursor, Energy } from "../../energy.ts";
import { ArgumentError } from "../../errors.ts";
import type { Quantities } from "../../space.ts";
import type { SiteArray, SiteSpace } from "../../spaces/sites.ts";
import type { KernelName, KernelOption } from "../../wasm/choose.ts";
import { isWritten } from "../interpret.ts";
import { lower } from "../lower.ts";
import {
  type Formula,
  type Learns,
  type Model,
  type SitePart,
  type StateNames,
  traceModel,
} from "../model.ts";
import { reachable } from "../node.ts";
import { type NamedValues, Programs } from "../programs.ts";
import type { Learnable } from "../supports.ts";
import { Structure } from "./changes.ts";
import { FormulaCursor, quadraticCursors } from "./cursor.ts";
import { quadraticForm } from "./quadratic-form.ts";

/** The part of spins or labels, given by its space, and parts that training may change. */
export type SiteParts = Readonly<Record<string, SitePart | Learnable>>;

/** The states of such parts. */
export type SiteState<P extends SiteParts> =
  Extract<P[keyof P], SiteSpace<Int8Array>> extends never ? Uint8Array : Int8Array;

/** Options of {@link expression} over spins or labels. */
export interface SiteExpressionOptions {
  /**
   * `"wasm"`, its TypeScript twin with the same bits, or `"auto"` (default): wasm where it works. Differences are taken
   * in TypeScript.
   */
  readonly kernel?: KernelOption;
}

/**
 * Moves, and couplings for spins. A type cannot know the degree of a formula, so a missing capability shows at run
 * time.
 */
type SiteCan<X> = Can<X, X extends Int8Array ? "moves" | "quadratic" : "moves">;

/**
 * An energy over spins or labels, written as a formula. Its cursor recomputes only what a move reaches. For a formula
 * of degree two in spins, without a scan, it keeps local fields, and only then `can.quadratic` exists; otherwise asking
 * for it throws a {@link CapabilityError}.
 */
export interface SiteExpression<P extends SiteParts, X extends SiteArray = SiteState<P>>
  extends Energy<X, SiteCan<X> & Learns<P, X>> {
  readonly space: Omit<SiteSpace<X>, "quantities"> & { readonly quantities: Quantities<X, StateNames<P>> };
  /** Which machine computes it. */
  readonly kernel: KernelName;
  /** Returns the state's part by its name. */
  values(x: X): NamedValues<StateNames<P>>;
}

/** Whether parts are those of {@link siteExpression}. */
export function hasSites(parts: object): parts is SiteParts {
  return Object.values(parts).some((part) => "moves" in part);
}

/** Returns the energy that a formula gives over spins or labels. */
export function siteExpression<P extends SiteParts>(
  parts: P,
  formula: Formula<P>,
  options: SiteExpressionOptions,
): SiteExpression<P> {
  checkOptions("expression over sites", options, "kernel");
  const space = spaceOf(parts) as SiteSpace<SiteState<P>>;
  const model = traceModel(parts, formula, false);
  const programs = new Programs<SiteState<P>, StateNames<P>>(model, options.kernel);
  const can = { ...cursors(space, model), ...programs.learns() };
  return {
    kernel: programs.value().kernel,
    space: { ...space, quantities: programs.quantities() },
    energy(x) {
      space.check(x);
      return programs.energy(x);
    },
    can: can as unknown as SiteExpression<P>["can"],
    lacking: {
      get quadratic() {
        return reachable([model.total.node]).some(({ op }) => op === "scan")
          ? `the formula over ${space.name} has a scan, which is not written out as couplings`
          : `the formula over ${space.name} is no polynomial of degree two in spins`;
      },
    },
    values: programs.values,
  };
}

/** Returns the cursors of a model, and its couplings where it is of degree two in spins. */
function cursors<X extends SiteArray>(
  space: SiteSpace<X>,
  { total, parameters }: Model,
): Can<X, "moves"> & Partial<Can<X, "quadratic">> {
  const {
    outputs: [{ node: energy }],
  } = lower([total], isWritten);
  const areSpins = space.moves.sites.values.join() === "-1,1";
  const form = areSpins ? quadraticForm(energy, space.dimension) : undefined;
  if (form === undefined) {
    const structure = new Structure(energy, space.dimension);
    return {
      moves(x) {
        space.check(x);
        return new FormulaCursor(structure, space, space.copy(x), parameters);
      },
    };
  }
  let at: Float64Array | undefined;
  let attach: (x: SiteArray) => Cursor<SiteArray>;
  return {
    moves(x) {
      space.check(x);
      // Training may have changed the parameters.
      if (!at?.every((value, k) => value === parameters[k])) {
        attach = quadraticCursors(form(parameters)) as typeof attach;
        at = parameters.slice();
      }
      return attach(x) as Cursor<X>;
    },
    quadratic: () => form(parameters),
  };
}

/** @throws {ArgumentError} where parts of sites are not alone. */
function spaceOf(parts: SiteParts): SitePart {
  const ofState = Object.entries(parts).filter(([, part]) => !("initial" in part));
  const [[, part]] = ofState;
  if (ofState.length === 1 && "moves" in part) return part;
  throw new ArgumentError(
    `the parts ${ofState.map(([name]) => name).join(", ")} share a state, expected one part of spins or labels; \`slice\` and \`gather\` take it to pieces`,
  );
}
