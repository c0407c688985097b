// What can be done to the chosen torrents: the same for the context menu and the bar.

import type { TorrentItem } from '../api/contract';
import { client, torrentFileUrl } from '../api/client';
import type { MenuItem } from '../components/Menu.svelte';
import { isRunning } from '../lib/states';
import { attempt, change, copy, run } from '../state/actions';
import { dialogs } from '../state/dialogs.svelte';
import { router } from '../state/route.svelte';

export function menuFor(rows: readonly TorrentItem[]): (MenuItem | null)[] {
    const single = rows.length === 1 ? rows[0] : undefined;
    const forced = rows.every((row) => row.forced);
    const sequential = rows.every((row) => row.sequential);
    return [
        ...(single ? [{ label: 'Open details', icon: 'info', keys: 'Enter', run: () => router.details(single.hash) } as const, null] : []),
        { label: 'Start', icon: 'play', disabled: rows.every(isRunning), run: () => void run('start', rows) },
        { label: 'Stop', icon: 'stop', disabled: !rows.some(isRunning), run: () => void run('stop', rows) },
        { label: 'Check files again', icon: 'recheck', disabled: !rows.some((row) => row.hasMetadata), run: () => void run('recheck', rows) },
        { label: 'Ask trackers now', icon: 'tracker', disabled: !rows.some(isRunning), run: () => void run('reannounce', rows) },
        null,
        { label: 'Labels…', icon: 'label', keys: 'l', run: () => dialogs.show({ kind: 'labels', rows }) },
        { label: 'Limits…', icon: 'gauge', run: () => dialogs.show({ kind: 'limits', rows }) },
        { label: 'Move…', icon: 'folder', run: () => dialogs.show({ kind: 'move', rows }) },
        null,
        { label: 'First in the queue', icon: 'up', run: () => void run('queue-top', rows) },
        { label: 'Up in the queue', run: () => void run('queue-up', rows) },
        { label: 'Down in the queue', run: () => void run('queue-down', rows) },
        { label: 'Last in the queue', icon: 'down', run: () => void run('queue-bottom', rows) },
        { label: 'Start without waiting', checked: forced, run: () => void change(rows, { forceStart: !forced }) },
        null,
        { label: 'Download in order', checked: sequential, run: () => void change(rows, { sequential: !sequential }) },
        null,
        { label: 'Copy name', icon: 'copy', run: () => void copy(rows.map((row) => row.name).join('\n'), 'Name') },
        { label: 'Copy info-hash', icon: 'copy', run: () => void copy(rows.map((row) => row.hash).join('\n'), 'Info-hash') },
        ...(single ? oneMore(single) : []),
        null,
        { label: 'Remove…', icon: 'trash', keys: 'Del', danger: true, run: () => dialogs.show({ kind: 'remove', rows }) },
    ];
}

function oneMore(row: TorrentItem): MenuItem[] {
    return [
        { label: 'Copy magnet link', icon: 'link', run: () => void attempt(async () => copy((await client.details(row.hash)).magnet, 'Magnet link')) },
        { label: 'Save .torrent file', icon: 'file', disabled: !row.hasMetadata, run: () => location.assign(torrentFileUrl(row.hash)) },
    ];
}
