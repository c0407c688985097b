import { describe, expect, it } from 'vitest';
import { manyTorrents, torrent } from '../../tests/mock/data';
import { noFilter } from '../lib/filter';
import { Listing } from './listing';
import { Torrents } from './torrents';

function listed(...names: string[]): { torrents: Torrents; listing: Listing } {
    const torrents = new Torrents();
    torrents.reset(names.map((name, index) => torrent(index, name)));
    return { torrents, listing: new Listing(torrents) };
}

describe('the listing', () => {
    it('sorts names as people count', () => {
        const { listing } = listed('part 10', 'part 2', 'Part 1');
        listing.configure(noFilter, { key: 'name', descending: false });
        expect(listing.slice(0, 9).map((row) => row.name)).toEqual(['Part 1', 'part 2', 'part 10']);
    });

    it('is not built again by changes that it does not look at', () => {
        const { torrents, listing } = listed('a', 'b');
        listing.configure(noFilter, { key: 'name', descending: false });
        const before = listing.rebuilds;
        listing.update(torrents.apply({ changed: [{ hash: torrent(0, 'a').hash, downloadRate: 5, progress: 0.3 }] }));
        expect(listing.rebuilds).toBe(before);
        expect(listing.at(0)?.downloadRate).toBe(5);
    });

    it('is built again when the sorted field changes', () => {
        const { torrents, listing } = listed('a', 'b');
        listing.configure(noFilter, { key: 'downloadRate', descending: true });
        listing.update(torrents.apply({ changed: [{ hash: torrent(1, 'b').hash, downloadRate: 5 }] }));
        expect(listing.at(0)?.name).toBe('b');
    });

    it('stays as it is while it is held, and catches up', () => {
        const { torrents, listing } = listed('a', 'b');
        listing.configure(noFilter, { key: 'downloadRate', descending: true });
        listing.hold();
        listing.update(torrents.apply({ changed: [{ hash: torrent(1, 'b').hash, downloadRate: 5 }] }));
        expect(listing.slice(0, 2).map((row) => [row.name, row.downloadRate])).toEqual([['a', 0], ['b', 5]]);
        expect(listing.letGo()).toBe(true);
        expect(listing.at(0)?.name).toBe('b');
        listing.hold();
        expect(listing.letGo()).toBe(false);
    });

    it('lets a row come and go as its state passes the filter', () => {
        const { torrents, listing } = listed('a', 'b');
        listing.configure({ ...noFilter, state: 'stopped' }, { key: 'name', descending: false });
        expect(listing.length).toBe(0);
        listing.update(torrents.apply({ changed: [{ hash: torrent(1, 'b').hash, state: 'stopped' }] }));
        expect(listing.slice(0, 9).map((row) => row.name)).toEqual(['b']);
    });

    it('knows the place of a row after every change', () => {
        const { torrents, listing } = listed('a', 'b', 'c');
        listing.configure(noFilter, { key: 'name', descending: false });
        expect(listing.indexOf(torrent(2, 'c').hash)).toBe(2);
        listing.update(torrents.apply({ removed: [torrent(0, 'a').hash] }));
        expect(listing.indexOf(torrent(2, 'c').hash)).toBe(1);
        expect(listing.indexOf(torrent(0, 'a').hash)).toBe(-1);
    });

    it('puts what never ends last, whichever the direction', () => {
        const torrents = new Torrents();
        torrents.reset([torrent(0, 'never', { eta: null }), torrent(1, 'soon', { eta: 5 }), torrent(2, 'late', { eta: 500 })]);
        const listing = new Listing(torrents);
        for (const [descending, names] of [[false, ['soon', 'late', 'never']], [true, ['late', 'soon', 'never']]] as const) {
            listing.configure(noFilter, { key: 'eta', descending });
            expect(listing.slice(0, 9).map((row) => row.name)).toEqual(names);
        }
    });

    it('keeps the order of equal rows', () => {
        const torrents = new Torrents();
        torrents.reset(manyTorrents(500).reverse());
        const listing = new Listing(torrents);
        listing.configure(noFilter, { key: 'downloadRate', descending: true });
        const idle = listing.slice(20, 500).map((row) => row.hash);
        expect(idle).toEqual([...idle].sort());
    });
});
