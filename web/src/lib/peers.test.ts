import { expect, test } from 'vitest';
import { fewTorrents, peersOf } from '../../tests/mock/data';
import type { PeerItem } from '../api/contract';
import { byActivity, copies, copiesInWords, firstPeerSort, flagsOf, nextPeerSort, peerComparer, swarmInWords, type PeerSortKey } from './peers';

test.each([
    [1200, 35, '1,200 complete, 35 downloading'], [null, 35, '35 downloading'], [0, null, '0 complete'],
])('a swarm of %s and %s is %s', (swarmSeeders, swarmLeechers, words) => expect(swarmInWords({ swarmSeeders, swarmLeechers })).toBe(words));

test.each([[3.41, '3.41'], [0.999, '0.99'], [1, '1.00'], [0.29, '0.29'], [0, '0.00'], [31.25, '31.25'], [2.005, '2.00']])('%s copies are shown as %s', (value, words) =>
    expect(copies(value)).toBe(words));

test.each([
    [3.41, 3, 'With connected peers and here, every piece is there at least 3 times, and 41.0 % of them more often. 3 connected peers have the rarest missing piece.'],
    [1, null, 'With connected peers and here, every piece is there at least once.'],
    [2.5, 1, 'With connected peers and here, every piece is there at least twice, and 50.0 % of them more often. One connected peer has the rarest missing piece.'],
    [0.87, 0, '87.0 % of the pieces are with connected peers or here, the rest with neither. No connected peer has the rarest missing piece.'],
    [0, 0, '0 % of the pieces are with connected peers or here, the rest with neither. No connected peer has the rarest missing piece.'],
])('%s copies and %s peers mean: %s', (value, availability, words) => expect(copiesInWords(value, availability)).toBe(words));

const peers = peersOf(fewTorrents()[0]!);

function order(key: PeerSortKey, descending: boolean, change: readonly Partial<PeerItem>[]): number[] {
    const some = change.map((each, index) => ({ ...peers[0]!, port: index, connectedFor: 0, downloadRate: 0, uploadRate: 0, ...each }));
    return some.sort(peerComparer({ key, descending })).map((peer) => peer.port);
}

test('peers are in the order of their activity at first', () =>
    expect([...peers].reverse().sort(peerComparer(firstPeerSort))).toEqual([...peers].sort(byActivity)));

test.each([
    ['client', [{ client: 'b 10' }, { client: 'B 2' }, { client: 'a' }], [2, 1, 0]],
    ['progress', [{ progress: 0.9 }, { progress: 1 }, { progress: 0 }], [2, 0, 1]],
    ['responseMs', [{ responseMs: 210 }, { responseMs: 1000 }, { responseMs: 31 }], [2, 0, 1]],
    ['downloadRate', [{ downloadRate: 20 }, { downloadRate: 100 }, { downloadRate: 3 }], [2, 0, 1]],
    ['uploadRate', [{ uploadRate: 20 }, { uploadRate: 100 }, { uploadRate: 3 }], [2, 0, 1]],
    ['flags', [{ interesting: true, choking: true }, { interesting: false, choking: true }, { interesting: true, choking: false }], [2, 0, 1]],
] as const)('peers by %s, both ways', (key, change, ascending) => {
    expect(order(key, false, change)).toEqual(ascending);
    expect(order(key, true, change)).toEqual([...ascending].reverse());
});

test('what is not known of a peer is last both ways', () => {
    for (const descending of [false, true]) {
        expect(order('responseMs', descending, [{ responseMs: null }, { responseMs: 5 }])).toEqual([1, 0]);
        expect(order('client', descending, [{ client: '' }, { client: 'x' }])).toEqual([1, 0]);
    }
});

test('equal peers are in the order of their activity, both ways', () => {
    for (const descending of [false, true]) expect(order('progress', descending, [{ uploadRate: 1 }, { downloadRate: 1 }, { uploadRate: 2 }])).toEqual([1, 2, 0]);
});

test('a column is sorted the way that is looked for first, then the other', () => {
    const byAnswer = nextPeerSort(firstPeerSort, 'responseMs');
    expect(byAnswer).toEqual({ key: 'responseMs', descending: false });
    expect(nextPeerSort(byAnswer, 'responseMs')).toEqual({ key: 'responseMs', descending: true });
    expect(nextPeerSort(byAnswer, 'uploadRate')).toEqual({ key: 'uploadRate', descending: true });
    expect(nextPeerSort(firstPeerSort, 'downloadRate').descending).toBe(false);
});

test.each([['direct', ''], ['hole', 'H'], ['proxy', 'X']] as const)('a peer that was reached by way of %s has the sign %s', (path, sign) =>
    expect(flagsOf({ ...peers[0]!, path }).map((flag) => flag.sign).filter((one) => one === 'H' || one === 'X').join('')).toBe(sign));
