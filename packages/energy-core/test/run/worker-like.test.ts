import { nodeWorker } from "@basin/energy-core/run";
import { expect, test } from "vitest";

test.each([
  ["", 'the string ""'],
  ["./worker.js", 'the string "./worker.js"'],
  [5 as never, "5"],
])("a thread of Node's is refused for the file %j, which is no URL", (file, named) => {
  expect(() => nodeWorker(file)).toThrow(`file is ${named}, expected a URL`);
});

test("a thread whose file is missing dies with the name of the file", async () => {
  const worker = nodeWorker(new URL("missing.js", import.meta.url));
  const reason = await new Promise<string>((resolve) => worker.listen(() => {}, resolve));
  expect(reason).toContain("missing.js");
});
