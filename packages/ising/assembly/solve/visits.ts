/** Where a sweep stands between two runs of nodes: the next entry, the number of the next visit, and the next one with rare successes. */
export let entryAt: i32 = 0;
export let visits: i32 = 0;
export let nextRare: i32 = 0;

export function leaveVisits(entry: i32, visit: i32, next: i32): void {
  entryAt = entry;
  visits = visit;
  nextRare = next;
}
