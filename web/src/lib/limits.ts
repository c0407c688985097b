// The limits that a dialog shows of one torrent or of several, and what of them was changed.

import type { TorrentChange, TorrentSettings } from '../api/contract';

export type SeedingLimits = Pick<TorrentSettings, 'seedRatio' | 'seedTime' | 'seedIdleTime' | 'seedEnd'>;
type Rest = Omit<TorrentSettings, keyof SeedingLimits | 'sequential' | 'ownTrackers'>;

/** Null is what several torrents have each for itself. */
export type Limits = { [Key in keyof Rest]: Rest[Key] | null };

/** Of several torrents nothing is shown, since each has its own. */
export const unknownLimits: Limits = {
    maxDownloadRate: null, maxUploadRate: null, maxPeerDownloadRate: null, maxPeerUploadRate: null, forceStart: null, ownSeedLimits: null, maxPeers: null,
    uploadSlots: null, useTrackers: null, superSeed: null, seedChoking: null, firstAndLastFirst: null,
};

export const noSeedingLimits: SeedingLimits = { seedRatio: 0, seedTime: 0, seedIdleTime: 0, seedEnd: 'stop' };

export function limitsOf(settings: TorrentSettings): { limits: Limits; seeding: SeedingLimits } {
    const { sequential: _sequential, ownTrackers: _ownTrackers, seedRatio, seedTime, seedIdleTime, seedEnd, ...limits } = settings;
    return { limits, seeding: { seedRatio, seedTime, seedIdleTime, seedEnd } };
}

/** Only what was changed, so that the rest of each torrent stays as it is. Limits of seeding are sent together, as they were shown together. */
export function changesOf(before: Limits, after: Limits, seedingBefore: SeedingLimits, seeding: SeedingLimits): TorrentChange {
    const isOther = <Shape extends object>(one: Shape, other: Shape) => (key: string): boolean => one[key as keyof Shape] !== other[key as keyof Shape];
    const changed = Object.keys(after).filter(isOther(before, after)).map((key) => [key, after[key as keyof Limits]]);
    const isSeedingSent = after.ownSeedLimits === true && (before.ownSeedLimits !== true || Object.keys(seeding).some(isOther(seedingBefore, seeding)));
    return { ...Object.fromEntries(changed) as TorrentChange, ...(isSeedingSent ? seeding : {}) };
}
