import { describe, expect, it } from 'vitest';
import { torrent } from '../../tests/mock/data';
import { Torrents } from './torrents';

function filled(): Torrents {
    const torrents = new Torrents();
    torrents.reset([torrent(0, 'a'), torrent(1, 'b')]);
    return torrents;
}

describe('the store of torrents', () => {
    it('patches only what changed, and gives the row a new identity', () => {
        const torrents = filled();
        const [first, second] = [...torrents.all()];
        const touched = torrents.apply({ changed: [{ hash: first!.hash, progress: 0.5, downloadRate: 7 }] });
        expect(torrents.get(first!.hash)).toEqual({ ...first, progress: 0.5, downloadRate: 7 });
        expect(torrents.get(first!.hash)).not.toBe(first);
        expect(torrents.get(second!.hash)).toBe(second);
        expect(touched).toEqual({ members: false, fields: new Set(['progress', 'downloadRate']) });
    });

    it('adds and removes in one event', () => {
        const torrents = filled();
        const gone = torrent(0, 'a').hash;
        expect(torrents.apply({ added: [torrent(2, 'c')], removed: [gone] }).members).toBe(true);
        expect([...torrents.all()].map((row) => row.name)).toEqual(['b', 'c']);
    });

    it('ignores a change of a torrent that is gone', () => {
        const torrents = filled();
        expect(torrents.apply({ changed: [{ hash: 'f'.repeat(40), name: 'ghost' }] })).toEqual({ members: false, fields: new Set() });
        expect(torrents.size).toBe(2);
    });

    it('says nothing of the removal of what was not there', () => {
        expect(filled().apply({ removed: ['f'.repeat(40)] }).members).toBe(false);
    });

    it('keeps the objects of rows that a new snapshot shows unchanged', () => {
        const torrents = filled();
        const [first, second] = [...torrents.all()];
        torrents.reset([{ ...first!, labels: [...first!.labels] }, { ...second!, name: 'B' }]);
        expect(torrents.get(first!.hash)).toBe(first);
        expect(torrents.get(second!.hash)?.name).toBe('B');
    });

    it('forgets what a new snapshot does not have', () => {
        const torrents = filled();
        torrents.reset([torrent(1, 'b')]);
        expect([...torrents.all()].map((row) => row.name)).toEqual(['b']);
    });
});
