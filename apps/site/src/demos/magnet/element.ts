import { MagnetDemo } from "./demo.ts";

MagnetDemo.createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
customElements.define("basin-magnet", MagnetDemo);
