import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, test } from "vitest";
import { STORE, Store } from "../../src/sweep/store.ts";
import { freshFolder } from "../folder.ts";

const arrival = (id: string, record: string) => ({ id, record, seconds: 0.5, attempts: 1 });

it("a store keeps the first of two results and says where the second differs", async () => {
  const folder = freshFolder("store");
  const store = await Store.open(folder);
  expect(store.keep(arrival("a", '{"u":[1,2]}'))).toBeUndefined();
  expect(store.keep(arrival("a", '{"u":[1,2]}'))).toBeUndefined();
  expect(store.keep(arrival("a", '{"u":[1,3]}'))).toBe("u.1 is 2 and 3");
  await store.saved();
  store.close();
  const again = await Store.open(folder, { readOnly: true });
  expect(again.result("a")).toEqual(arrival("a", '{"u":[1,2]}'));
  expect([...again.done()]).toEqual(["a"]);
  again.close();
});

it("what was saved is there for another reader while the store is open", async () => {
  const folder = freshFolder("store");
  const store = await Store.open(folder);
  store.keep(arrival("a", "{}"));
  store.fail({ id: "b", attempt: 2, cause: "no luck" });
  await store.saved();
  const reader = await Store.open(folder, { readOnly: true });
  expect(reader.done().size).toBe(1);
  expect(reader.failures()).toMatchObject([{ id: "b", attempt: 2, cause: "no luck" }]);
  expect(reader.facts.sweep).toBe(store.facts.sweep);
  reader.close();
  store.close();
});

test.each([
  [
    "text",
    (path: string) => writeFileSync(path, "no database at all, but text"),
    /cannot be used: file is not a database/,
  ],
  [
    "another program's",
    (path: string) => new DatabaseSync(path).exec("CREATE TABLE t (a)"),
    /is a database, but not that of a sweep/,
  ],
  [
    "another version's",
    (path: string) =>
      new DatabaseSync(path).exec(
        `PRAGMA application_id = ${0x42535750}; PRAGMA user_version = 9; CREATE TABLE t (a)`,
      ),
    /has layout 9, expected 1/,
  ],
])("a file of %s is refused and left alone", async (_, write, message) => {
  const folder = freshFolder("store");
  write(join(folder, STORE));
  await expect(Store.open(folder)).rejects.toThrow(message);
});

it("a folder without a sweep is refused by name", async () => {
  await expect(Store.open("/nowhere", { readOnly: true })).rejects.toThrow("there is no sweep in /nowhere");
});
