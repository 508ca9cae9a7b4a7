import { CapabilityError, checkName } from "../errors.ts";
import type { GpuDevice } from "./types.ts";

/** Where a model is moved, by name. */
export type DeviceName = "auto" | "cpu" | "gpu";

/** The same, or a device of one's own. */
export type DeviceOption = DeviceName | GpuDevice;

/** Every value of {@link DeviceName}. */
export const deviceNames: readonly DeviceName[] = ["auto", "cpu", "gpu"];

/** @throws {ArgumentError} for an unknown name. A device of one's own is checked where it is used. */
export function checkDeviceOption(option: DeviceOption | undefined): void {
  if (typeof option === "string") checkName("device", option, deviceNames);
}

/**
 * Resolves to what `make` makes for a GPU; for "auto", to why there is none; for "cpu" to nothing.
 *
 * @param make is given what asks for the device, so that it can refuse a model before.
 * @throws {CapabilityError} where a GPU was asked for, and is missing or cannot hold the model.
 */
export async function onDevice<K>(
  option: DeviceOption = "cpu",
  make: (device: () => Promise<GpuDevice>) => Promise<K>,
): Promise<K | string | undefined> {
  if (option === "cpu") return undefined;
  const { gpuDevice } = await import("./device.ts");
  try {
    return await make(async () => (typeof option === "string" ? (await gpuDevice()).device : option));
  } catch (error) {
    if (option !== "auto" || !(error instanceof CapabilityError)) throw error;
    return error.message;
  }
}
