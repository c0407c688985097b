// Parts of the log put together.

import type { LogItem } from '../api/contract';

/**
 * Older entries followed by the newest, each once, the oldest first. If the newest are a full page that does not reach back to the older,
 * something between them may be missing: then the older are left out, since what is shown has no holes.
 */
export function joined(older: readonly LogItem[], newest: readonly LogItem[], page: number): readonly LogItem[] {
    const first = newest[0];
    const last = older.at(-1);
    if (first === undefined || last === undefined) return first === undefined ? older : newest;
    if (newest.length >= page && first.id > last.id) return newest;
    return [...older.filter((entry) => entry.id < first.id), ...newest];
}
