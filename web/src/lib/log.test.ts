import { describe, expect, it } from 'vitest';
import type { LogItem } from '../api/contract';
import { joined } from './log';

const entriesOf = (...ids: number[]): LogItem[] =>
    ids.map((id) => ({ id, time: '2026-01-31T12:00:00Z', level: 'info', event: 'warning', hash: null, message: `${id}` }));
const idsOf = (entries: readonly LogItem[]): number[] => entries.map((entry) => entry.id);

describe('parts of the log', () => {
    it('are put together with each entry once', () => {
        expect(idsOf(joined(entriesOf(1, 3, 4), entriesOf(3, 4, 6), 3))).toEqual([1, 3, 4, 6]);
        expect(idsOf(joined(entriesOf(1, 2), entriesOf(3), 3))).toEqual([1, 2, 3]);
        expect(idsOf(joined([], entriesOf(3), 3))).toEqual([3]);
        expect(idsOf(joined(entriesOf(1), [], 3))).toEqual([1]);
    });

    it('have no holes: what may not reach the newest is left out', () => {
        expect(idsOf(joined(entriesOf(1, 2), entriesOf(7, 8, 9), 3))).toEqual([7, 8, 9]);
    });
});
