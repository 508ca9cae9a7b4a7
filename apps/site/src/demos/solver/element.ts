import { SolverDemo } from "./demo.ts";

SolverDemo.createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
customElements.define("basin-solver", SolverDemo);
