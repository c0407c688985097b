// What a row says about itself, in one line.

import type { TorrentItem, TorrentSettings } from '../api/contract';
import { duration, percent, ratio } from './format';
import { shareOf } from './states';

/** The engine's sentence, with the time left where there is one and no column has it. */
export function sentenceOf(row: TorrentItem, withTime = true): string {
    if (row.move) return `Moving its files to ${row.move.folder} · ${percent(shareOf(row))} %`;
    const why = row.why.replace(/\.$/, '');
    if (withTime && row.state === 'downloading' && row.eta !== null) return `${why} · ${duration(row.eta)} left`;
    // The engine's sentence for a stopped torrent says no more than its state does, unless a limit of seeding has stopped it. A daemon may
    // be older than that.
    if (row.state === 'stopped' && row.seedLimit == null) return row.hasMetadata && row.left === 0 ? 'Complete, not seeding' : 'Stopped';
    return why;
}

export function timeLeft(row: TorrentItem): string {
    if (row.left === 0 && row.hasMetadata) return '–';
    return row.state === 'downloading' ? duration(row.eta) : '–';
}

/** What ends a torrent's seeding, or nothing where nothing does. */
export function seedLimitsInWords(settings: Pick<TorrentSettings, 'seedRatio' | 'seedTime' | 'seedIdleTime' | 'seedEnd' | 'ownSeedLimits'>): string {
    const limits = [
        settings.seedRatio > 0 && `ratio ${ratio(settings.seedRatio)}`,
        settings.seedTime > 0 && `${duration(settings.seedTime)} of seeding`,
        settings.seedIdleTime > 0 && `${duration(settings.seedIdleTime)} without a request`,
    ].filter(Boolean);
    if (limits.length === 0) return settings.ownSeedLimits ? 'it is stopped, whatever the settings say' : '';
    const then = { stop: 'then it stops', remove: 'then it is removed', 'remove-with-files': 'then it is removed with its files' }[settings.seedEnd];
    return `${limits.join(' or ')}, ${then}`;
}
