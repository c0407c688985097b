// What the user does to torrents. Each action reports what failed, in the server's words.

import { client, wordsOf } from '../api/client';
import type { BulkAction, BulkRequest, TorrentChange, TorrentItem } from '../api/contract';
import { count, plural } from '../lib/format';
import { isRunning } from '../lib/states';
import { linksIn } from '../lib/links';
import { dialogs, type Adding } from './dialogs.svelte';
import { toasts } from './toasts.svelte';

/** The most that one request takes. */
const batch = 10_000;
const largestTorrentFile = 23 * 1024 * 1024;

const done: Record<BulkAction, string> = {
    start: 'started', stop: 'stopped', recheck: 'being checked', reannounce: 'asking trackers', remove: 'removed', change: 'changed', move: 'moved',
    'queue-top': 'first in the queue', 'queue-up': 'moved up', 'queue-down': 'moved down', 'queue-bottom': 'last in the queue',
};

const couldNot: Record<BulkAction, string> = {
    start: 'be started', stop: 'be stopped', recheck: 'be checked', reannounce: 'ask their trackers', remove: 'be removed', change: 'be changed', move: 'be moved',
    'queue-top': 'be moved in the queue', 'queue-up': 'be moved in the queue', 'queue-down': 'be moved in the queue', 'queue-bottom': 'be moved in the queue',
};

export async function run(action: BulkAction, rows: readonly TorrentItem[], more: Pick<BulkRequest, 'deleteFiles' | 'change' | 'folder'> = {}): Promise<boolean> {
    const hashes = rows.map((row) => row.hash);
    if (hashes.length === 0) return true;
    try {
        let succeeded = 0;
        let pending = 0;
        const failures: string[] = [];
        for (let at = 0; at < hashes.length; at += batch) {
            const result = await client.bulk({ action, hashes: hashes.slice(at, at + batch), ...more });
            succeeded += result.done;
            pending += result.pending;
            // What the user asked for since came first; that is no failure.
            failures.push(...result.failures.filter((failure) => failure.code !== 'superseded').map((failure) => failure.detail));
        }
        if (failures.length > 0) toasts.error(failuresInWords(action, failures));
        else if (pending > 0) toasts.done(`${plural(pending, 'torrent')} still being worked on; the log says if something fails.`);
        else if (succeeded > 1 || action === 'move' || action === 'recheck' || action === 'reannounce' || action === 'remove') {
            toasts.done(`${plural(succeeded, 'torrent')} ${done[action]}.`);
        }
        return failures.length === 0;
    } catch (error) {
        toasts.error(wordsOf(error));
        return false;
    }
}

export function change(rows: readonly TorrentItem[], wanted: TorrentChange): Promise<boolean> {
    return run('change', rows, { change: wanted });
}

/** Stops them if any of them runs, else starts them. */
export function toggle(rows: readonly TorrentItem[]): Promise<boolean> {
    return run(rows.some(isRunning) ? 'stop' : 'start', rows);
}

export async function attempt(action: () => Promise<unknown>, success?: string): Promise<boolean> {
    try {
        await action();
        if (success !== undefined) toasts.done(success);
        return true;
    } catch (error) {
        toasts.error(wordsOf(error));
        return false;
    }
}

export async function addFiles(files: Iterable<File>): Promise<void> {
    const items: Adding[] = [];
    for (const file of files) {
        if (file.size > largestTorrentFile) toasts.error(`“${file.name}” is too large for a .torrent file.`);
        else items.push({ kind: 'file', name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    }
    if (items.length > 0) add(items);
}

/** Adds every link in the text; whether there was one. */
export function addLinks(text: string): boolean {
    const items = linksIn(text).map((link): Adding => ({ kind: 'link', link }));
    if (items.length > 0) add(items);
    return items.length > 0;
}

function add(items: readonly Adding[]): void {
    if (!dialogs.add(items)) toasts.error('Close what is open first, so that nothing in it is lost, and add the torrent then.');
}

export async function copy(text: string, what: string): Promise<void> {
    // Outside of secure contexts (plain HTTP to another machine) there is no clipboard.
    if (!navigator.clipboard) toasts.error('The browser allows copying only over HTTPS or on this machine.');
    else await attempt(() => navigator.clipboard.writeText(text), `${what} copied.`);
}

/** Copies a link to a file that opens without a login, as players need it. */
export async function copyPlayerLink(hash: string, index: number): Promise<void> {
    await attempt(async () => copy(location.origin + (await client.ticket(hash, index)).path, 'Link, valid for six hours,'));
}

function failuresInWords(action: BulkAction, failures: readonly string[]): string {
    const first = failures[0] ?? '';
    return failures.length === 1 ? first : `${count(failures.length)} torrents could not ${couldNot[action]}: ${first}`;
}
