import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Returns every record of a sweep by its task. */
export function records(out: string): Record<string, string> {
  const base = new DatabaseSync(join(out, "sweep.sqlite"), { readOnly: true });
  const rows = base.prepare("SELECT id, record FROM results ORDER BY id").all() as {
    id: string;
    record: string;
  }[];
  base.close();
  return Object.fromEntries(rows.map(({ id, record }) => [id, record]));
}
