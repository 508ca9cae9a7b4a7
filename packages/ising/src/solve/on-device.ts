import { ArgumentError, CapabilityError } from "@basin/energy-core";
import { checkDeviceOption, type DeviceOption, onDevice } from "@basin/energy-core/internal";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { DeviceSearch } from "./device/search.ts";

/** The options of a search that matter to a device. */
interface DeviceOptions {
  readonly device?: DeviceOption;
  readonly workers?: number;
  readonly checkpoint?: unknown;
  readonly kernel?: unknown;
}

/** @throws {ArgumentError} for an unknown device, and for options that a search on a device would ignore. */
export function checkDevice(
  { device = "cpu", workers = 1, checkpoint, kernel }: DeviceOptions,
  method: string,
): void {
  checkDeviceOption(device);
  if (device === "cpu") return;
  if (device !== "auto") checkMethod(method);
  const unused = Object.entries({ workers: workers > 1, checkpoint, kernel }).find(([, given]) => given);
  if (unused !== undefined)
    throw new ArgumentError(`a search on a GPU has no ${unused[0]}: give device or ${unused[0]}, not both`);
}

/** @throws {CapabilityError} for what a GPU does not support. */
function checkMethod(method: string): void {
  if (method !== "auto" && method !== "anneal")
    throw new CapabilityError(`a GPU solves by annealing, not by ${method}`);
}

/** Resolves to a function that searches on a GPU, to the reason why "auto" found no GPU, or to nothing for "cpu". */
export function deviceSearch(
  problem: SpinProblem,
  method: string,
  option: DeviceOption = "cpu",
): Promise<DeviceSearch | string | undefined> {
  return onDevice(option, async (find) => {
    checkMethod(method);
    // Loaded only if a GPU is asked for.
    const [{ graphPlan }, { checkChange }, { searchOn }, { graphEngine }] = await Promise.all([
      import("./device/plan.ts"),
      import("./device/round-weights.ts"),
      import("./device/search.ts"),
      import("./device/engine.ts"),
    ]);
    const plan = graphPlan(problem);
    checkChange(plan);
    const device = await find();
    return searchOn(problem, plan, (words) => graphEngine(device, plan, words));
  });
}
