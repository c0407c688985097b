// What a state is called and looks like. Word, icon and colour always go together, so that none has to be told apart by colour alone.

import type { TorrentItem, TorrentState } from '../api/contract';
import type { IconName } from '../components/Icon.svelte';
import { isComplete, type StateFilter } from './filter';

export type Tone = 'down' | 'good' | 'idle' | 'busy' | 'warn' | 'bad';

interface StateLook {
    readonly word: string;
    readonly icon: IconName;
    readonly tone: Tone;
}

const looks: Record<TorrentState, StateLook> = {
    downloading: { word: 'Downloading', icon: 'down', tone: 'down' },
    seeding: { word: 'Seeding', icon: 'up', tone: 'good' },
    stopped: { word: 'Stopped', icon: 'stop', tone: 'idle' },
    checking: { word: 'Checking', icon: 'recheck', tone: 'busy' },
    'fetching-metadata': { word: 'Fetching metadata', icon: 'link', tone: 'busy' },
    queued: { word: 'Waiting for its turn', icon: 'clock', tone: 'idle' },
    'waiting-for-disk': { word: 'Waiting for disk', icon: 'disk', tone: 'warn' },
    failed: { word: 'Failed', icon: 'alert', tone: 'bad' },
};

const unknownLook: StateLook = { word: 'Unknown', icon: 'help', tone: 'idle' };

/** A newer daemon may know more states than this page. */
export function lookOf(state: TorrentState): StateLook {
    return looks[state] ?? { ...unknownLook, word: state };
}

/** A stopped torrent that has everything is done, which is worth another icon; a move of files takes long, and is seen before all else. */
export function rowLook(row: TorrentItem): StateLook {
    if (row.move) return { word: 'Moving', icon: 'folder', tone: 'busy' };
    if (row.state === 'stopped' && isComplete(row)) return { word: 'Complete', icon: 'check', tone: 'idle' };
    if (row.state === 'downloading' && row.trackerError !== null && row.peers === 0) return { ...looks.downloading, icon: 'alert', tone: 'warn' };
    return lookOf(row.state);
}

export const stateFilters: readonly { readonly key: StateFilter; readonly word: string; readonly icon: IconName }[] = [
    { key: 'all', word: 'All', icon: 'list' },
    { key: 'active', word: 'Active', icon: 'bolt' },
    { key: 'downloading', word: 'Downloading', icon: 'down' },
    { key: 'seeding', word: 'Seeding', icon: 'up' },
    { key: 'complete', word: 'Complete', icon: 'check' },
    { key: 'queued', word: 'Waiting', icon: 'clock' },
    { key: 'stopped', word: 'Stopped', icon: 'stop' },
    { key: 'checking', word: 'Checking', icon: 'recheck' },
    { key: 'fetching-metadata', word: 'Fetching metadata', icon: 'link' },
    { key: 'moving', word: 'Moving', icon: 'folder' },
];

/** How far the bar of a row is: of what it does just now. */
export function shareOf(row: TorrentItem): number {
    return row.move ? (row.move.total > 0 ? row.move.done / row.move.total : 0) : row.progress;
}

export function isRunning(row: TorrentItem): boolean {
    return row.state !== 'stopped' && row.state !== 'failed';
}
