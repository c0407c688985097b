// The columns of the list: what they are called, how wide they are, and which are shown until the user chooses others.

import type { SortKey } from './sort';

export interface Column {
    readonly key: SortKey;
    readonly title: string;
    /** For the list of columns to choose from, where there is room. */
    readonly meaning: string;
    /** Pixels; the name takes what is left. */
    readonly width: number;
    readonly numeric: boolean;
}

export const columns: readonly Column[] = [
    { key: 'name', title: 'Name', meaning: 'Name', width: 184, numeric: false },
    { key: 'state', title: 'State', meaning: 'State', width: 128, numeric: false },
    { key: 'progress', title: 'Done', meaning: 'Progress', width: 112, numeric: true },
    { key: 'size', title: 'Size', meaning: 'Size', width: 88, numeric: true },
    { key: 'downloadRate', title: 'Down', meaning: 'Download rate', width: 96, numeric: true },
    { key: 'uploadRate', title: 'Up', meaning: 'Upload rate', width: 96, numeric: true },
    { key: 'eta', title: 'Time left', meaning: 'Time left', width: 88, numeric: true },
    { key: 'peers', title: 'Peers', meaning: 'Connected peers', width: 64, numeric: true },
    { key: 'seeds', title: 'Seeds', meaning: 'Connected seeds', width: 64, numeric: true },
    { key: 'swarmSeeders', title: 'Seeders', meaning: 'Seeders of the swarm, as trackers count', width: 80, numeric: true },
    { key: 'swarmLeechers', title: 'Leechers', meaning: 'Leechers of the swarm, as trackers count', width: 80, numeric: true },
    { key: 'knownPeers', title: 'Known', meaning: 'Known addresses of peers, not connected', width: 72, numeric: true },
    { key: 'copies', title: 'Copies', meaning: 'Distributed copies', width: 72, numeric: true },
    { key: 'availability', title: 'Rarest', meaning: 'Peers that have the rarest missing piece', width: 72, numeric: true },
    { key: 'ratio', title: 'Ratio', meaning: 'Ratio', width: 64, numeric: true },
    { key: 'labels', title: 'Labels', meaning: 'Labels', width: 144, numeric: false },
    { key: 'category', title: 'Category', meaning: 'Category', width: 104, numeric: false },
    { key: 'trackers', title: 'Tracker', meaning: 'Tracker', width: 160, numeric: false },
    { key: 'downloaded', title: 'Downloaded', meaning: 'Downloaded, all runs', width: 96, numeric: true },
    { key: 'uploaded', title: 'Uploaded', meaning: 'Uploaded, all runs', width: 96, numeric: true },
    { key: 'wasted', title: 'Wasted', meaning: 'Received in vain, in this run', width: 96, numeric: true },
    { key: 'left', title: 'Missing', meaning: 'Missing bytes', width: 96, numeric: true },
    { key: 'addedAt', title: 'Added', meaning: 'Added at', width: 136, numeric: true },
    { key: 'completedAt', title: 'Completed', meaning: 'Completed at', width: 136, numeric: true },
    { key: 'order', title: 'Queue', meaning: 'Place in the queue, while waiting', width: 72, numeric: true },
    { key: 'folder', title: 'Folder', meaning: 'Folder', width: 200, numeric: false },
    { key: 'hash', title: 'Info-hash', meaning: 'Info-hash', width: 328, numeric: false },
];

export const defaultColumns: readonly SortKey[] = ['name', 'size', 'progress', 'downloadRate', 'uploadRate', 'eta', 'peers', 'ratio'];

const byKey = new Map(columns.map((column) => [column.key, column]));

/** Rows with a bar under the name have none in this column. */
const widthWithoutBar = 80;

/** The columns of these names, in that order; unknown ones are left out, and the name is always there and first. */
export function columnsOf(keys: readonly string[], withBar = true): Column[] {
    const chosen = ['name', ...keys.filter((key) => key !== 'name')];
    const found = [...new Set(chosen)].map((key) => byKey.get(key as SortKey)).filter((column) => column !== undefined);
    return withBar ? found : found.map((column) => (column.key === 'progress' ? { ...column, width: widthWithoutBar } : column));
}

export function template(chosen: readonly Column[]): string {
    return chosen.map((column) => (column.key === 'name' ? `minmax(${column.width}px, 1fr)` : `${column.width}px`)).join(' ');
}

/** Other columns go before the name is shorter than this. */
const readableName = 336;

/** In a list that is narrower than this, because it is beside details, the name may be shorter. */
const narrowList = 768;
const shortName = 280;

const byImportance: readonly SortKey[] = ['name', 'downloadRate', 'progress', 'eta', 'uploadRate', 'size', 'ratio', 'peers'];

/** Of the chosen columns, those that tell most and fit into a width, in their order. */
export function fitting(chosen: readonly Column[], width: number): Column[] {
    const name = width < narrowList ? shortName : readableName;
    const rank = (column: Column): number => {
        const place = byImportance.indexOf(column.key);
        return place < 0 ? byImportance.length : place;
    };
    const kept = new Set<Column>();
    let used = 0;
    for (const column of [...chosen].sort((a, b) => rank(a) - rank(b))) {
        used += column.key === 'name' ? name : column.width;
        if (used > width && column.key !== 'name') break;
        kept.add(column);
    }
    return chosen.filter((column) => kept.has(column));
}

export function leastWidth(chosen: readonly Column[]): number {
    return chosen.reduce((sum, column) => sum + column.width, 0);
}
