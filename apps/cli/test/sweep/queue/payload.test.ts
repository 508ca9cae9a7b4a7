import { describe, expect, it, test } from "vitest";
import { idOf, type Task } from "../../../src/sweep/plan.ts";
import "../../../src/table.ts";
import { readArrival, readTask } from "../../../src/sweep/queue/payload.ts";

const task: Task = { command: "ising exact", options: { temperature: "2" }, inputs: {}, outputs: {} };
const sum = "0".repeat(64);
const payload = (changed: Partial<Task> = {}, beside: object = {}) => {
  const full = { ...task, ...changed };
  return { format: 1, sweep: "a".repeat(32), id: idOf(full), task: full, ...beside };
};

describe("a task from a queue", () => {
  it("that is as it should be is taken", async () => {
    expect((await readTask(payload())).task).toEqual(task);
  });

  test.each<[string, object, RegExp]>([
    ["another format", payload({}, { format: 2 }), /not as expected: format/],
    ["more than there should be", payload({}, { shell: "rm" }), /Unrecognized key: "shell"/],
    [
      "a name that is not its own",
      payload({}, { id: "b".repeat(32) }),
      /the name of the task is not that of what it says/,
    ],
    ["a command of its own", payload({ command: "rm -rf" }), /"rm -rf" is not one that a task may be/],
    ["a command that sweeps", payload({ command: "sweep" }), /"sweep" is not one that a task may be/],
    [
      "a property of all objects for a command",
      payload({ command: "constructor" }),
      /"constructor" is not one/,
    ],
    ["an unknown option", payload({ options: { "--x": "1" } }), /--x is no option of a task/],
    [
      "an option that writes",
      payload({ command: "ising snapshot", options: { png: "/etc/x" } }),
      /png is no option of a task/,
    ],
    [
      "a checkpoint",
      payload({ command: "ising simulate", options: { checkpoint: "x" } }),
      /checkpoint is no option/,
    ],
    [
      "a seed as an option",
      payload({ command: "ising simulate", options: { seed: "1" } }),
      /seed is no option/,
    ],
    [
      "an input without a checksum",
      payload({ command: "ising solve", options: { files: ["x"] } }),
      /files names x, of which no checksum came/,
    ],
    [
      "an input outside",
      payload({ command: "ising solve", options: { files: ["../x"] }, inputs: { "../x": sum } }),
      /"..\/x" is not allowed/,
    ],
    [
      "an absolute module",
      payload({ command: "sample", options: { module: "/x.js" }, inputs: { "/x.js": sum } }),
      /"\/x.js" is not allowed/,
    ],
    [
      "an output outside",
      payload({ command: "ising snapshot", outputs: { png: "../x" } }),
      /outputs.png: expected a file name/,
    ],
    [
      "an output that is none",
      payload({ outputs: { temperature: "x" } }),
      /temperature is no output of ising exact/,
    ],
  ])("with %s is refused", async (_, data, message) => {
    await expect(readTask(data)).rejects.toThrow(message);
  });
});

describe("a result from a queue", () => {
  const record = { version: "0", result: { u: 1 }, warnings: [], files: [] };
  const arrival = (changed: object, held: object = record) => ({
    ...{ id: "a".repeat(32), record: JSON.stringify(held), seconds: 1, attempts: 1 },
    ...changed,
  });

  it("that is as it should be is taken", () => {
    expect(readArrival(arrival({}))).toEqual(arrival({}));
  });

  test.each<[string, object, RegExp]>([
    ["a name that is none", arrival({ id: "../x" }), /not as expected: id/],
    [
      "more than a megabyte",
      arrival({}, { ...record, result: "x".repeat(1_000_000) }),
      /not as expected: record: Too big/,
    ],
    [
      "a file outside",
      arrival({}, { ...record, files: [{ name: "../x", bytes: 1, sha256: sum }] }),
      /"..\/x" is not allowed/,
    ],
    ["another record", arrival({}, { result: 1 }), /the record of a+ is not as expected: version/],
  ])("with %s is refused", (_, data, message) => {
    expect(() => readArrival(data)).toThrow(message);
  });
});
