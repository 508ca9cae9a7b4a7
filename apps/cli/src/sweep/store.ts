import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ArgumentError } from "@basin/energy-core";
import { silence } from "../warnings.ts";
import { differenceOf } from "./record.ts";
import type { Arrival, Failure } from "./runner.ts";

/** The name of the store in the folder of a sweep. */
export const STORE = "sweep.sqlite";
const LAYOUT = 1;
/** "BSWP", which marks the files of stores. */
const APPLICATION = 0x42535750;

const TABLES = `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE results (
    id TEXT PRIMARY KEY, record TEXT NOT NULL, seconds REAL NOT NULL, attempts INTEGER NOT NULL
  );
  CREATE TABLE failures (
    id TEXT NOT NULL, attempt INTEGER NOT NULL, cause TEXT NOT NULL, at TEXT NOT NULL DEFAULT (datetime('now'))
  );
`;

/** Resolves to the SQLite of Node, without the warning of old versions. */
function sqlite(): Promise<typeof import("node:sqlite")> {
  silence("SQLite is an experimental feature");
  return import("node:sqlite");
}

/** The facts about a sweep in its store. */
export interface Facts {
  /** Identifies this sweep. */
  readonly sweep: string;
  /** Hash of the study that it ran last. */
  readonly study?: string;
  readonly count?: string;
  readonly command?: string;
}

/** The results of a sweep by the names of their tasks, in one SQLite file. One process writes it; many may read. */
export class Store {
  readonly #base: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  #inTransaction = false;
  #waiting: Promise<void> | undefined;

  private constructor(base: DatabaseSync) {
    this.#base = base;
    this.#find = base.prepare("SELECT record, seconds, attempts FROM results WHERE id = ?");
    this.#insert = base.prepare("INSERT INTO results VALUES (?, ?, ?, ?)");
  }

  /**
   * Opens the store of a folder, and makes it if it may be written. @throws {ArgumentError} for a file that is not a
   * store.
   */
  static async open(folder: string, { readOnly = false } = {}): Promise<Store> {
    const path = join(folder, STORE);
    if (readOnly && !existsSync(path))
      throw new ArgumentError(`there is no sweep in ${folder}: it has no ${STORE}`);
    const { DatabaseSync } = await sqlite();
    try {
      const base = new DatabaseSync(path, { readOnly, timeout: 5000 });
      if (!readOnly) prepare(base, path);
      else checkKind(base, path);
      return new Store(base);
    } catch (error) {
      if (error instanceof ArgumentError) throw error;
      throw new ArgumentError(`${path} cannot be used: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Returns the facts about the sweep. */
  get facts(): Facts {
    const rows = this.#base.prepare("SELECT name, value FROM facts").all() as {
      name: string;
      value: string;
    }[];
    return Object.fromEntries(rows.map(({ name, value }) => [name, value])) as unknown as Facts;
  }

  /** Stores facts, and replaces those of the same names. */
  keepFacts(facts: Partial<Facts>): void {
    const put = this.#base.prepare("INSERT OR REPLACE INTO facts VALUES (?, ?)");
    for (const [name, value] of Object.entries(facts)) put.run(name, value);
  }

  /** Returns the names of the tasks that are done. */
  done(): Set<string> {
    const rows = this.#base.prepare("SELECT id FROM results").all() as { id: string }[];
    return new Set(rows.map(({ id }) => id));
  }

  /** Returns the result of a task, if it is there. */
  result(id: string): Arrival | undefined {
    const row = this.#find.get(id) as Omit<Arrival, "id"> | undefined;
    return row && { id, ...row };
  }

  /**
   * Stores a result unless there is one, and returns the first difference between the two, if any. The result is on the
   * disk when {@link Store.saved} resolves.
   */
  keep({ id, record, seconds, attempts }: Arrival): string | undefined {
    this.#begin();
    const before = this.result(id);
    if (before === undefined) this.#insert.run(id, record, seconds, attempts);
    return before === undefined || before.record === record ? undefined : differenceOf(before.record, record);
  }

  /** Stores the reason why a task failed. */
  fail({ id, attempt, cause }: Failure): void {
    this.#begin();
    this.#base.prepare("INSERT INTO failures (id, attempt, cause) VALUES (?, ?, ?)").run(id, attempt, cause);
  }

  /** Returns every failure, in order of time. */
  failures(): readonly Failure[] {
    return this.#base
      .prepare("SELECT id, attempt, cause FROM failures ORDER BY rowid")
      .all() as unknown as Failure[];
  }

  /** Resolves when everything that was stored is on the disk. */
  saved(): Promise<void> {
    return this.#waiting ?? Promise.resolve();
  }

  close(): void {
    this.#commit();
    this.#base.close();
  }

  /** The results of one turn of the event loop are written to the disk together. */
  #begin(): void {
    if (this.#inTransaction) return;
    this.#base.exec("BEGIN IMMEDIATE");
    this.#inTransaction = true;
    this.#waiting = new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          this.#commit();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    // Whoever waits is told; nobody else is there to hear it.
    this.#waiting.catch(() => {});
  }

  #commit(): void {
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    this.#waiting = undefined;
    this.#base.exec("COMMIT");
  }
}

function prepare(base: DatabaseSync, path: string): void {
  // A result leaves the queue when it is stored, so stored must mean on the disk.
  base.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  const { application_id: application } = base.prepare("PRAGMA application_id").get() as {
    application_id: number;
  };
  const { tables } = base.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  if (application === 0 && tables === 0) {
    base.exec(`${TABLES} PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${LAYOUT};`);
    base.prepare("INSERT INTO facts VALUES ('sweep', ?)").run(randomUUID().replaceAll("-", ""));
  }
  base.exec("COMMIT");
  checkKind(base, path);
}

function checkKind(base: DatabaseSync, path: string): void {
  const { application_id: application } = base.prepare("PRAGMA application_id").get() as {
    application_id: number;
  };
  const { user_version: layout } = base.prepare("PRAGMA user_version").get() as { user_version: number };
  if (application !== APPLICATION) throw new ArgumentError(`${path} is a database, but not that of a sweep`);
  if (layout !== LAYOUT)
    throw new ArgumentError(
      `${path} has layout ${layout}, expected ${LAYOUT}: another version of Basin wrote it`,
    );
}
