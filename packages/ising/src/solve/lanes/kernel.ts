import { kernelOf } from "@basin/energy-core/internal";
import { wasm } from "../../wasm/lanes.generated.ts";
import type { LaneExports } from "./exports.ts";
import { laneTwin } from "./twin.ts";

/** Both forms of the kernel over a memory of the given number of bytes. */
export const laneKernel = kernelOf<LaneExports>(wasm, laneTwin);
