// Desktop notifications: off until somebody wants them and the browser allows them.

import type { ChangeEvent, TorrentItem } from '../api/contract';
import { plural } from '../lib/format';
import { preferences } from './preferences.svelte';

/** Browsers have them only over HTTPS or from the same machine. */
export const canNotify = 'Notification' in globalThis && isSecureContext;

/** Asks the browser where it has not been asked; whether it allows them. */
export async function askToNotify(): Promise<boolean> {
    return canNotify && (await Notification.requestPermission()) === 'granted';
}

/** Those that a change completes. */
export function completedBy(event: ChangeEvent, known: (hash: string) => TorrentItem | undefined): TorrentItem[] {
    const rows = (event.changed ?? []).filter((change) => change.completedAt != null).map((change) => known(change.hash));
    return rows.filter((row) => row !== undefined).filter((row) => row.completedAt === null);
}

export function tellCompleted(rows: readonly TorrentItem[]): void {
    if (rows.length === 0 || !preferences.notify || !canNotify || Notification.permission !== 'granted') return;
    const only = rows.length === 1 ? rows[0] : undefined;
    new Notification(only ? only.name : `${plural(rows.length, 'torrent')} are complete`, { body: only ? 'The torrent is complete.' : rows.map((row) => row.name).join('\n'), icon: '/icon.svg' });
}
