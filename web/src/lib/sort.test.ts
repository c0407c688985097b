import { expect, test } from 'vitest';
import { fewTorrents } from '../../tests/mock/data';
import { columns } from './columns';
import { comparer, firstDirection, type SortKey } from './sort';

const rows = fewTorrents().slice(0, 3);

function order(key: SortKey, descending: boolean, values: readonly unknown[]): unknown[] {
    const changed = rows.map((row, index) => ({ ...row, [key]: values[index] }));
    return changed.sort(comparer({ key, descending })).map((row) => row[key]);
}

test.each([
    ['copies', 0.5, 10], ['availability', 2, 31], ['swarmSeeders', 9, 1200], ['swarmLeechers', 9, 35], ['knownPeers', 9, 40], ['wasted', 5, 16_384],
] as const)('by %s, with what is not known at the end both ways', (key, less, more) => {
    expect(order(key, true, [null, less, more])).toEqual([more, less, null]);
    expect(order(key, false, [null, more, less])).toEqual([less, more, null]);
});

test('by info-hash, from 0 at the first click', () => {
    expect(order('hash', firstDirection('hash'), ['c9', '0a', 'ff'])).toEqual(['0a', 'c9', 'ff']);
});

test.each(['copies', 'availability'] as const)('by %s, which a daemon may leave out', (key) =>
    expect(order(key, false, [undefined, 2, 1])).toEqual([1, 2, undefined]));

/** Three values of a column, from the least. */
function valuesOf(key: SortKey): readonly unknown[] {
    if (key === 'state') return ['failed', 'downloading', 'stopped'];
    return [0, 1, 2].map((value) => {
        if (key === 'labels' || key === 'trackers') return [`word ${value}`];
        return ['name', 'folder', 'category', 'hash', 'addedAt', 'completedAt'].includes(key) ? `word ${value}` : value;
    });
}

test.each(columns.map((column) => column.key))('by %s, and the other way round', (key) => {
    const [least, middle, most] = valuesOf(key);
    expect(order(key, false, [middle, most, least])).toEqual([least, middle, most]);
    expect(order(key, true, [middle, most, least])).toEqual([most, middle, least]);
});
