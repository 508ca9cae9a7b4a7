import { JemDemo } from "./demo.ts";

JemDemo.createWorker = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
JemDemo.readWeights = async () => {
  const answer = await fetch(new URL("./model/weights.bin", import.meta.url));
  if (!answer.ok) throw new Error(`The weights did not arrive: the server answers ${answer.status}.`);
  return new Uint8Array(await answer.arrayBuffer());
};
customElements.define("basin-jem", JemDemo);
