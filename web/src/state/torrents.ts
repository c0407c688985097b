// The session's torrents as last reported: rows keyed by hash, patched by what changed. Rows are immutable; a patched row is a new object, so
// that whoever shows a row sees at a glance whether it changed.

import type { ChangeEvent, TorrentItem } from '../api/contract';

export type Field = keyof TorrentItem;

/** What an update touched: whether rows came or went, and which fields of the others changed. */
export interface Touched {
    members: boolean;
    readonly fields: Set<Field>;
}

export class Torrents {
    #rows = new Map<string, TorrentItem>();

    get size(): number {
        return this.#rows.size;
    }

    get(id: string): TorrentItem | undefined {
        return this.#rows.get(id);
    }

    all(): IterableIterator<TorrentItem> {
        return this.#rows.values();
    }

    /** Replaces everything. Rows that are the same stay the same objects, so that a reconnect redraws only what changed meanwhile. */
    reset(rows: readonly TorrentItem[]): Touched {
        const touched: Touched = { members: true, fields: new Set() };
        const next = new Map<string, TorrentItem>();
        for (const row of rows) {
            const known = this.#rows.get(row.hash);
            next.set(row.hash, known && isSame(known, row) ? known : row);
        }
        this.#rows = next;
        return touched;
    }

    apply(changes: ChangeEvent): Touched {
        const touched: Touched = { members: false, fields: new Set() };
        for (const id of changes.removed ?? []) {
            if (this.#rows.delete(id)) touched.members = true;
        }
        for (const row of changes.added ?? []) {
            this.#rows.set(row.hash, row);
            touched.members = true;
        }
        for (const change of changes.changed ?? []) this.#patch(change, touched);
        return touched;
    }

    #patch(change: Partial<TorrentItem> & { readonly hash: string }, touched: Touched): void {
        const known = this.#rows.get(change.hash);
        // A change of a torrent that was removed in between says nothing.
        if (!known) return;
        this.#rows.set(change.hash, { ...known, ...change });
        for (const field of Object.keys(change) as Field[]) if (field !== 'hash') touched.fields.add(field);
    }
}

function isSame(a: TorrentItem, b: TorrentItem): boolean {
    for (const field of Object.keys(b) as Field[]) {
        const left = a[field];
        const right = b[field];
        if (left !== right && !(Array.isArray(left) && Array.isArray(right) && left.join('\n') === right.join('\n'))) return false;
    }
    return true;
}
