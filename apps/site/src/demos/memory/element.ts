import { MemoryDemo } from "./demo.ts";

MemoryDemo.createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
customElements.define("basin-memory", MemoryDemo);
