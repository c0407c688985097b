import { describe, expect, it } from 'vitest';
import { Selection } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];

describe('the selection', () => {
    it('extends from the last row that was chosen by itself, in both directions', () => {
        const selection = new Selection();
        selection.only('c');
        selection.extend('e', order);
        expect(selection.ids).toEqual(['c', 'd', 'e']);
        selection.extend('a', order);
        expect(selection.ids).toEqual(['a', 'b', 'c']);
    });

    it('adds and takes away single rows', () => {
        const selection = new Selection();
        selection.only('a');
        selection.toggle('c');
        selection.toggle('a');
        expect(selection.ids).toEqual(['c']);
    });

    it('goes with the keyboard if a click chose it, and stays if Space did', () => {
        const selection = new Selection();
        selection.only('a');
        expect(selection.follow('b')).toBe(true);
        expect(selection.ids).toEqual(['b']);
        selection.toggle('d');
        selection.toggle('b');
        expect(selection.follow('e')).toBe(false);
        expect(selection.ids).toEqual(['d']);
        selection.clear();
        expect(selection.follow('a')).toBe(false);
        selection.only('a');
        selection.keep(() => false);
        expect(selection.follow('b')).toBe(false);
        expect(selection.size).toBe(0);
    });

    it('begins anew where the anchor is filtered out', () => {
        const selection = new Selection();
        selection.only('x');
        selection.extend('b', order);
        expect(selection.ids).toEqual(['b']);
    });

    it('forgets rows that are gone', () => {
        const selection = new Selection();
        selection.all(order);
        expect(selection.keep((hash) => hash !== 'b')).toBe(true);
        expect(selection.ids).toEqual(['a', 'c', 'd', 'e']);
        expect(selection.keep(() => true)).toBe(false);
    });
});
