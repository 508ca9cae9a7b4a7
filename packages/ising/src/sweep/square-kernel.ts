import { kernelOf } from "@basin/energy-core/internal";
import { wasm } from "../wasm/square.generated.ts";
import type { SquareExports } from "./exports.ts";
import { squareTwin } from "./square-twin.ts";

/** Both forms of the kernel over a memory of so many bytes. */
export const squareKernel = kernelOf<SquareExports>(wasm, squareTwin);
