import { OutliersDemo } from "./demo.ts";
import InlineWorker from "./worker.ts?worker&inline";

// A worker cannot start from another origin's address: its code travels in this file.
OutliersDemo.createWorker = () => new InlineWorker();
customElements.define("basin-outliers", OutliersDemo);
