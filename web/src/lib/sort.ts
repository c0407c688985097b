// The order of the list. Names are compared as people expect ("part 2" before "part 10"); equal rows keep their order by id, so that rows
// never change places without a reason.

import type { TorrentItem, TorrentState } from '../api/contract';

export type SortKey =
    | 'name' | 'state' | 'progress' | 'size' | 'downloadRate' | 'uploadRate' | 'eta' | 'peers' | 'seeds' | 'ratio' | 'labels'
    | 'trackers' | 'addedAt' | 'completedAt' | 'folder' | 'downloaded' | 'uploaded' | 'left' | 'category' | 'order'
    | 'copies' | 'availability' | 'swarmSeeders' | 'swarmLeechers' | 'knownPeers' | 'wasted' | 'hash';

export interface Sort {
    readonly key: SortKey;
    readonly descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const stateOrder: Record<TorrentState, number> = {
    failed: 0, 'waiting-for-disk': 1, checking: 2, 'fetching-metadata': 3, downloading: 4, seeding: 5, queued: 6, stopped: 7,
};

type Compare = (a: TorrentItem, b: TorrentItem) => number;

/** Of what is unknown or never, the place is at the end, whichever the direction. */
function lastIfNull<T>(value: (row: TorrentItem) => T | null | undefined, compare: (a: T, b: T) => number): (descending: boolean) => Compare {
    return (descending) => (a, b) => {
        const left = value(a);
        const right = value(b);
        // A daemon that is older than the page leaves some out.
        if (left == null || right == null) return (left == null ? 1 : 0) - (right == null ? 1 : 0);
        return descending ? compare(right, left) : compare(left, right);
    };
}

const number = (a: number, b: number): number => a - b;
const words = (a: string, b: string): number => collator.compare(a, b);
const plain = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const comparers: Record<SortKey, (descending: boolean) => Compare> = {
    name: lastIfNull((row) => row.name, words),
    state: lastIfNull((row) => stateOrder[row.state], number),
    progress: lastIfNull((row) => row.progress, number),
    size: lastIfNull((row) => row.size, number),
    downloadRate: lastIfNull((row) => row.downloadRate, number),
    uploadRate: lastIfNull((row) => row.uploadRate, number),
    eta: lastIfNull((row) => row.eta, number),
    peers: lastIfNull((row) => row.peers, number),
    seeds: lastIfNull((row) => row.seeds, number),
    ratio: lastIfNull((row) => row.ratio, number),
    labels: lastIfNull((row) => row.labels[0] ?? null, words),
    trackers: lastIfNull((row) => row.trackers[0] ?? null, words),
    addedAt: lastIfNull((row) => row.addedAt, plain),
    completedAt: lastIfNull((row) => row.completedAt, plain),
    folder: lastIfNull((row) => row.folder, words),
    downloaded: lastIfNull((row) => row.downloaded, number),
    uploaded: lastIfNull((row) => row.uploaded, number),
    left: lastIfNull((row) => row.left, number),
    category: lastIfNull((row) => row.category, words),
    order: lastIfNull((row) => row.order, number),
    copies: lastIfNull((row) => row.copies, number),
    availability: lastIfNull((row) => row.availability, number),
    swarmSeeders: lastIfNull((row) => row.swarmSeeders, number),
    swarmLeechers: lastIfNull((row) => row.swarmLeechers, number),
    knownPeers: lastIfNull((row) => row.knownPeers, number),
    wasted: lastIfNull((row) => row.wasted, number),
    hash: lastIfNull((row) => row.hash, plain),
};

export function comparer(sort: Sort): Compare {
    const compare = comparers[sort.key](sort.descending);
    return (a, b) => compare(a, b) || plain(a.hash, b.hash);
}

/** Which way a column is sorted at the first click: the largest numbers and latest times first, words from A. */
export function firstDirection(key: SortKey): boolean {
    return !['name', 'state', 'eta', 'order', 'labels', 'trackers', 'folder', 'category', 'hash'].includes(key);
}
