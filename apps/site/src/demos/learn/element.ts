import { LearnDemo } from "./demo.ts";

LearnDemo.createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
customElements.define("basin-learn", LearnDemo);
