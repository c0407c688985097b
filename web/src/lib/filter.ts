// Which torrents are shown, and the counts beside each filter.

import type { TorrentItem, TorrentState } from '../api/contract';

export type StateFilter = 'all' | 'active' | 'complete' | 'moving' | 'attention' | TorrentState;

export interface Filter {
    readonly state: StateFilter;
    readonly label: string | null;
    readonly tracker: string | null;
    readonly category: string | null;
    readonly search: string;
}

export const noFilter: Filter = { state: 'all', label: null, tracker: null, category: null, search: '' };

/** The label and tracker of torrents that have none. */
export const none = '';

export function needsAttention(row: TorrentItem): boolean {
    return row.state === 'failed' || row.state === 'waiting-for-disk' || row.trackerError !== null;
}

export function isActive(row: TorrentItem): boolean {
    return row.downloadRate > 0 || row.uploadRate > 0;
}

/** Whether all of it that is wanted is there and verified, whatever is done with it. */
export function isComplete(row: TorrentItem): boolean {
    return row.hasMetadata && row.left === 0;
}

export function isMoving(row: TorrentItem): boolean {
    return row.move != null;
}

/** Fields that decide whether a row passes: when none of them changed, neither did the list. */
export function fieldsOf(filter: Filter): ReadonlySet<keyof TorrentItem> {
    const fields = new Set<keyof TorrentItem>(fieldsOfState(filter.state));
    if (filter.label !== null) fields.add('labels');
    if (filter.tracker !== null) fields.add('trackers');
    if (filter.category !== null) fields.add('category');
    if (filter.search !== '') fields.add('name').add('labels');
    return fields;
}

function fieldsOfState(state: StateFilter): readonly (keyof TorrentItem)[] {
    switch (state) {
        case 'all': return [];
        case 'active': return ['downloadRate', 'uploadRate'];
        case 'complete': return ['hasMetadata', 'left'];
        case 'moving': return ['move'];
        case 'attention': return ['state', 'trackerError'];
        default: return ['state'];
    }
}

export function matcher(filter: Filter): (row: TorrentItem) => boolean {
    const words = filter.search.toLowerCase().split(/\s+/).filter((word) => word !== '');
    return (row) =>
        matchesState(row, filter.state) &&
        (filter.label === null || (filter.label === none ? row.labels.length === 0 : row.labels.includes(filter.label))) &&
        (filter.tracker === null || (filter.tracker === none ? row.trackers.length === 0 : row.trackers.includes(filter.tracker))) &&
        (filter.category === null || (row.category ?? none) === filter.category) &&
        words.every((word) => matchesWord(row, word));
}

/** Fields that the counts are made of. */
export const countedFields: ReadonlySet<keyof TorrentItem> = new Set<keyof TorrentItem>([
    'state', 'downloadRate', 'uploadRate', 'hasMetadata', 'left', 'move', 'trackerError', 'labels', 'trackers', 'category',
]);

export interface Counts {
    readonly states: ReadonlyMap<StateFilter, number>;
    readonly labels: ReadonlyMap<string, number>;
    readonly trackers: ReadonlyMap<string, number>;
    readonly categories: ReadonlyMap<string, number>;
}

export function countAll(rows: Iterable<TorrentItem>): Counts {
    const states = new Map<StateFilter, number>();
    const labels = new Map<string, number>();
    const trackers = new Map<string, number>();
    const categories = new Map<string, number>();
    for (const row of rows) {
        add(states, 'all');
        add(states, row.state);
        if (isActive(row)) add(states, 'active');
        if (isComplete(row)) add(states, 'complete');
        if (isMoving(row)) add(states, 'moving');
        if (needsAttention(row)) add(states, 'attention');
        addEach(labels, row.labels);
        addEach(trackers, row.trackers);
        add(categories, row.category ?? none);
    }
    return { states, labels, trackers, categories };
}

function matchesState(row: TorrentItem, state: StateFilter): boolean {
    switch (state) {
        case 'all': return true;
        case 'active': return isActive(row);
        case 'complete': return isComplete(row);
        case 'moving': return isMoving(row);
        case 'attention': return needsAttention(row);
        default: return row.state === state;
    }
}

function matchesWord(row: TorrentItem, word: string): boolean {
    return row.name.toLowerCase().includes(word) || row.hash.startsWith(word) || row.labels.some((label) => label.toLowerCase() === word);
}

function add<K>(counts: Map<K, number>, key: K): void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
}

function addEach(counts: Map<string, number>, keys: readonly string[]): void {
    if (keys.length === 0) add(counts, none);
    for (const key of keys) add(counts, key);
}
