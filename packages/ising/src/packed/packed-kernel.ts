import { kernelOf } from "@basin/energy-core/internal";
import { wasm } from "../wasm/packed.generated.ts";
import type { PackedExports } from "./exports.ts";
import { packedTwin } from "./packed-twin.ts";

/** Both forms of the kernel over a memory of so many bytes. */
export const packedKernel = kernelOf<PackedExports>(wasm, packedTwin);
