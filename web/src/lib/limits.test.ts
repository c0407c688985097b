import { expect, test } from 'vitest';
import type { TorrentSettings } from '../api/contract';
import { changesOf, limitsOf, noSeedingLimits, unknownLimits } from './limits';

const settings: TorrentSettings = {
    sequential: true, firstAndLastFirst: false, maxDownloadRate: 0, maxUploadRate: 5000, maxPeerDownloadRate: 0, maxPeerUploadRate: 0, forceStart: false,
    ownSeedLimits: true, seedRatio: 2, seedTime: 0, seedIdleTime: 0, seedEnd: 'stop', maxPeers: 7, uploadSlots: 0, useTrackers: false, ownTrackers: false, superSeed: 'never',
    seedChoking: 'anti-leech',
};

test('what was not touched is not sent', () => {
    const { limits, seeding } = limitsOf(settings);
    expect(changesOf(limits, { ...limits }, seeding, { ...seeding })).toEqual({});
    expect(changesOf(limits, { ...limits, maxUploadRate: 0, useTrackers: true }, seeding, seeding)).toEqual({ maxUploadRate: 0, useTrackers: true });
    expect(changesOf(unknownLimits, { ...unknownLimits, maxPeers: 50 }, noSeedingLimits, noSeedingLimits)).toEqual({ maxPeers: 50 });
});

test('limits of seeding are sent together, and only with those of its own', () => {
    const { limits, seeding } = limitsOf(settings);
    const longer = { ...seeding, seedRatio: 3 };
    expect(changesOf(limits, limits, seeding, longer)).toEqual(longer);
    expect(changesOf(limits, { ...limits, ownSeedLimits: false }, seeding, longer)).toEqual({ ownSeedLimits: false });
    expect(changesOf(unknownLimits, { ...unknownLimits, ownSeedLimits: true }, noSeedingLimits, noSeedingLimits)).toEqual({ ownSeedLimits: true, ...noSeedingLimits });
});
