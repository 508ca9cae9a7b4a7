import { kernelOf } from "@basin/energy-core/internal";
import { wasm } from "../wasm/graph.generated.ts";
import { clusterTwin } from "./cluster-twin.ts";
import type { GraphExports } from "./exports.ts";
import { graphTwin } from "./graph-twin.ts";

/** Both forms of the kernel over a memory of so many bytes. */
export const graphKernel = kernelOf<GraphExports>(wasm, (buffer) => ({
  ...graphTwin(buffer),
  ...clusterTwin(buffer),
}));
