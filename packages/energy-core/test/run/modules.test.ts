import { expect, test } from "vitest";
import { loadModule } from "../../src/internal/index.ts";
import { provideModule, webWorker } from "../../src/run/index.ts";
import { moduleBeside } from "../../src/run/platform.ts";

test("a module goes by the name it was given, made when it is first asked for, or by its URL", async () => {
  provideModule("here", { value: 1 });
  provideModule("later", async () => ({ value: 2 }));
  expect(await loadModule("here")).toEqual({ value: 1 });
  expect(await loadModule("later")).toEqual({ value: 2 });
  expect(await loadModule("data:text/javascript,export const value = 3;")).toMatchObject({ value: 3 });
});

test("what is neither is refused with the names that are known, and a URL with why it cannot be loaded", async () => {
  provideModule("known", {});
  await expect(loadModule("unknown")).rejects.toThrow(
    /"unknown" is neither the URL of a module nor a name given to provideModule; known names: .*known/,
  );
  await expect(loadModule("@basin/ising/worker")).rejects.toThrow(
    'the worker\'s file does not import "@basin/ising/worker"',
  );
  await expect(loadModule("file:///nowhere.js")).rejects.toThrow(/^file:\/\/\/nowhere.js cannot be loaded: /);
});

test("a module beside another has its ending", () => {
  expect(moduleBeside("file:///a/src/run.ts", "job")).toBe("file:///a/src/job.ts");
  expect(moduleBeside("file:///a/dist/run.js", "job")).toBe("file:///a/dist/job.js");
});

test("a web worker passes on messages and its death, and nothing else is one", () => {
  const sent: unknown[] = [];
  const worker = {
    postMessage: (message: unknown) => sent.push(message),
    terminate: () => sent.push("terminated"),
    onmessage: (_: { data: unknown }) => {},
    onerror: (_: { message?: string }) => {},
  };
  const wrapped = webWorker(worker);
  const seen: unknown[] = [];
  wrapped.listen(
    (message) => seen.push(message),
    (reason) => seen.push(reason),
  );
  wrapped.postMessage("job");
  worker.onmessage({ data: { kind: "result", value: 4 } });
  worker.onerror({ message: "lost" });
  worker.onerror({});
  wrapped.terminate();
  expect(sent).toEqual(["job", "terminated"]);
  expect(seen).toEqual([{ kind: "result", value: 4 }, "lost", "it could not be loaded"]);
  expect(() => webWorker({})).toThrow("webWorker was not given a Worker");
});
