import { describe, expect, it } from 'vitest';
import { fewTorrents } from '../../tests/mock/data';
import { countAll, countedFields, fieldsOf, matcher, noFilter, none, type Filter } from './filter';

const rows = fewTorrents();
const found = (filter: Partial<Filter>): number[] => rows.flatMap((row, index) => (matcher({ ...noFilter, ...filter })(row) ? [index] : []));

describe('filters', () => {
    it('lets everything through at first', () => expect(found({})).toHaveLength(rows.length));
    it('finds a state', () => expect(found({ state: 'stopped' })).toEqual([9, 10]));
    it('finds what gives or takes', () => expect(found({ state: 'active' })).toEqual([0, 1, 2]));
    it('finds what is complete, whatever is done with it', () => expect(found({ state: 'complete' })).toEqual([2, 3, 8, 9]));
    it('takes no magnet link for complete that has nothing to miss yet', () => expect([rows[6]!.left, rows[6]!.hasMetadata]).toEqual([0, false]));
    it('finds what moves, and no longer when it has moved', () => {
        const moving = { ...rows[2]!, move: { folder: '/films', done: 1, total: 2 } };
        const matches = matcher({ ...noFilter, state: 'moving' });
        expect([matches(moving), matches({ ...moving, move: null }), matches(rows[2]!)]).toEqual([true, false, false]);
        expect(countAll([moving, rows[3]!]).states.get('moving')).toBe(1);
    });
    it('finds what needs a person, a failing tracker among it', () => expect(found({ state: 'attention' })).toEqual([5, 7, 8, 11]));
    it('finds a stopped torrent whose tracker failed, as the API does', () => {
        const stopped = { ...rows[9]!, trackerError: 'torrent not registered' };
        expect(matcher({ ...noFilter, state: 'attention' })(stopped)).toBe(true);
    });
    it('finds a label, and those without', () => {
        expect(found({ label: 'linux' })).toEqual([0, 2]);
        expect(found({ label: none })).toEqual([4, 6, 8, 10]);
    });
    it('finds a tracker', () => expect(found({ tracker: 'bttracker.debian.org' })).toEqual([0]));
    it('finds a category', () => expect(found({ category: 'iso' })).toEqual([0, 2]));
    it('wants every word of the search, in any case', () => {
        expect(found({ search: 'ISO amd64' })).toEqual([0, 2]);
        expect(found({ search: 'iso nothing' })).toEqual([]);
    });
    it('takes the search as text', () => expect(found({ search: '.*' })).toEqual([]));
    it('joins filters', () => expect(found({ label: 'linux', state: 'seeding' })).toEqual([2]));

    it('counts what each filter would show', () => {
        const counts = countAll(rows);
        for (const state of ['all', 'active', 'complete', 'attention', 'stopped', 'seeding'] as const) expect(counts.states.get(state)).toBe(found({ state }).length);
        for (const [label, count] of counts.labels) expect(count).toBe(found({ label }).length);
        for (const [tracker, count] of counts.trackers) expect(count).toBe(found({ tracker }).length);
    });

    it('names the fields that it looks at', () => {
        expect([...fieldsOf(noFilter)]).toEqual([]);
        expect([...fieldsOf({ ...noFilter, state: 'active' })]).toEqual(['downloadRate', 'uploadRate']);
        expect([...fieldsOf({ ...noFilter, state: 'moving' })]).toEqual(['move']);
        expect([...fieldsOf({ ...noFilter, state: 'attention' })]).toEqual(['state', 'trackerError']);
    });
    it.each(['hasMetadata', 'left', 'move'] as const)('is counted again when %s changes', (field) => expect(countedFields.has(field)).toBe(true));
});
