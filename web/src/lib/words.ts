// What a row says about itself, in one line.

import type { TorrentItem } from '../api/contract';
import { duration } from './format';

/** The engine's sentence, with the time left where there is one. */
export function sentenceOf(row: TorrentItem): string {
    const why = row.why.replace(/\.$/, '');
    if (row.state === 'downloading' && row.eta !== null) return `${why} · ${duration(row.eta)} left`;
    // The engine's sentence for a stopped torrent says no more than its state does.
    if (row.state === 'stopped') return row.hasMetadata && row.left === 0 ? 'Complete, not seeding' : 'Stopped';
    return why;
}

export function timeLeft(row: TorrentItem): string {
    if (row.left === 0 && row.hasMetadata) return '–';
    return row.state === 'downloading' ? duration(row.eta) : '–';
}
