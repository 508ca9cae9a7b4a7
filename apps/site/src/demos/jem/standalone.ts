import { base64Bytes } from "@basin/energy-core/internal";
import { JemDemo } from "./demo.ts";
import weights from "./model/weights.bin?url&inline";
import InlineWorker from "./worker.ts?worker&inline";

// A worker cannot start from another origin's address: its code travels in this file, and so do the weights.
JemDemo.createWorker = () => new InlineWorker();
JemDemo.readWeights = async () => base64Bytes(weights.slice(weights.indexOf(",") + 1));
customElements.define("basin-jem", JemDemo);
