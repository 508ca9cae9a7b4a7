import { SamplersDemo } from "./demo.ts";

SamplersDemo.createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
customElements.define("basin-samplers", SamplersDemo);
