import { describe, expect, it } from 'vitest';
import { Slots } from './slots';

describe('the elements of rows', () => {
    it('stay with their rows when the order changes', () => {
        const slots = new Slots<string>();
        expect(slots.assign(['a', 'b', 'c'])).toEqual([0, 1, 2]);
        expect(slots.assign(['c', 'a', 'b'])).toEqual([2, 0, 1]);
    });

    it('go from rows that leave to rows that come', () => {
        const slots = new Slots<string>();
        slots.assign(['a', 'b', 'c']);
        expect(slots.assign(['c', 'd', 'e'])).toEqual([2, 0, 1]);
        expect(slots.assign(['e', 'd', 'c', 'f'])).toEqual([1, 0, 2, 3]);
    });

    it('stay in their places when all rows are others', () => {
        const slots = new Slots<number>();
        slots.assign([1, 2, 3]);
        slots.assign([2, 3, 4]);
        expect(slots.assign([7, 8, 9])).toEqual([1, 2, 0]);
        expect(slots.assign([11, 12, 13])).toEqual([1, 2, 0]);
    });
});
