// The log as far as it was looked at: the newest entries, asked for again and again, and older ones on demand.

import { logPage, wordsOf } from '../api/client';
import type { LogItem, LogPage } from '../api/contract';
import { joined } from '../lib/log';
import { poll } from './poll.svelte';
import { toasts } from './toasts.svelte';

export interface ReadLog {
    /** The newest first; null before they are there. */
    readonly entries: readonly LogItem[] | null;
    readonly problem: string | null;
    /** Whether there may be older ones. */
    readonly hasMore: boolean;
    readonly busy: boolean;
    more(): Promise<void>;
}

/** Called while a component is set up. */
export function readLog(key: () => string, load: (key: string, before: number | null, signal?: AbortSignal) => Promise<LogPage>): ReadLog {
    let older = $state.raw<{ readonly key: string; readonly entries: readonly LogItem[]; readonly atEnd: boolean } | null>(null);
    let busy = $state.raw(false);
    const newest = poll(key, (current, signal) => load(current, null, signal), 2_000);
    const known = $derived(older?.key === key() ? older : null);
    const entries = $derived(newest.value === null ? null : joined(known?.entries ?? [], newest.value.entries, logPage));

    // What slides out of the newest page while older entries are shown stays with those, as long as nothing is missing between them.
    $effect(() => {
        if (known === null || entries === null) return;
        if (entries[0]?.id !== known.entries[0]?.id) older = null;
        else if (entries.length !== known.entries.length) older = { ...known, entries };
    });

    async function more(): Promise<void> {
        const first = entries?.[0];
        if (first === undefined || busy) return;
        const current = key();
        busy = true;
        try {
            const page = await load(current, first.id);
            const atEnd = page.entries.length < logPage;
            if (current === key()) older = { key: current, entries: [...page.entries, ...(entries ?? [])], atEnd };
        } catch (error) {
            toasts.error(wordsOf(error));
        }
        busy = false;
    }

    return {
        get entries() {
            return entries === null ? null : [...entries].reverse();
        },
        get problem() {
            return newest.problem;
        },
        get hasMore() {
            return known === null ? (newest.value?.entries.length ?? 0) >= logPage : !known.atEnd;
        },
        get busy() {
            return busy;
        },
        more,
    };
}
