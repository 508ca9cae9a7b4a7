import { OutliersDemo } from "./demo.ts";

OutliersDemo.createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
customElements.define("basin-outliers", OutliersDemo);
