import { expect, test, vi } from 'vitest';
import { torrent } from '../../tests/mock/data';

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
const { completedBy } = await import('./notices');

test('a torrent is completed once, by the change that says when', () => {
    const rows = [torrent(0, 'begun', { completedAt: null }), torrent(1, 'done', { completedAt: '2026-01-31T12:00:00Z' })];
    const known = (hash: string) => rows.find((row) => row.hash === hash);
    const [begun, done] = rows.map((row) => row.hash);
    expect(completedBy({ changed: [{ hash: begun!, completedAt: '2026-02-01T12:00:00Z' }, { hash: done!, completedAt: '2026-02-01T12:00:00Z' }] }, known)).toEqual([rows[0]]);
    expect(completedBy({ changed: [{ hash: begun!, progress: 1 }, { hash: 'gone', completedAt: '2026-02-01T12:00:00Z' }] }, known)).toEqual([]);
    expect(completedBy({ added: [rows[1]!] }, known)).toEqual([]);
});
