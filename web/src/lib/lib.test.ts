import { describe, expect, it } from 'vitest';
import { columnsOf, defaultColumns, fitting } from './columns';
import { commandOf } from './keys';
import { isMagnet, linksIn, nameOf } from './links';
import { cellsOf, hasPiece } from './pieces';
import { chosenOf, problemOf, settings } from './settings';

describe('links', () => {
    const hash = 'c9e15763f722f23e98a29decdfae341b98d53056';

    it('finds magnet links, info-hashes and addresses in any text', () =>
        expect(linksIn(`see magnet:?xt=urn:btih:${hash}\nor ${hash} and https://example.org/a.torrent or nothing`)).toEqual([
            `magnet:?xt=urn:btih:${hash}`, 'https://example.org/a.torrent',
        ]));

    it('takes no script and no file for a link', () => expect(linksIn('javascript:alert(1) file:///etc/passwd data:text/html,x')).toEqual([]));
    it('knows the hash of version 2', () => expect(linksIn('ab'.repeat(32))[0]).toContain('urn:btmh:1220'));
    it('reads the name', () => expect(nameOf(`magnet:?xt=urn:btih:${hash}&dn=A+name`)).toBe('A name'));
    it('shortens the hash of what has no name', () => expect(nameOf(`magnet:?xt=urn:btih:${hash}`)).toBe('c9e15763f722…'));
    it('tells magnets from addresses', () => expect([isMagnet('MAGNET:?x'), isMagnet('https://x')]).toEqual([true, false]));
});

describe('the piece map', () => {
    it('reads the highest bit first', () => expect([0, 1, 7, 8].map((piece) => hasPiece(new Uint8Array([0x81]), piece))).toEqual([true, false, true, false]));
    it('has a cell for each piece where there is room', () => expect(cellsOf(new Uint8Array([0b1010_0000]), 4, 100)).toEqual([1, 0, 1, 0]));
    it('joins pieces where there is none', () => expect(cellsOf(new Uint8Array([0b1010_0000]), 4, 2)).toEqual([0.5, 0.5]));
    it('counts every piece once', () => {
        const cells = cellsOf(new Uint8Array(125).fill(0xff), 1000, 7);
        expect(cells).toEqual([1, 1, 1, 1, 1, 1, 1]);
    });
});

describe('columns', () => {
    it('always have the name, first and once', () =>
        expect(columnsOf(['ratio', 'name', 'ratio', 'from a newer page']).map((column) => column.key)).toEqual(['name', 'ratio']));
    it('leave out the least important where there is no room', () =>
        expect(fitting(columnsOf(['size', 'downloadRate', 'peers']), 400).map((column) => column.key)).toEqual(['name', 'downloadRate']));
    it('leave the name readable on a narrow screen, and are all there on a wide one', () => {
        const shown = (width: number): string[] => fitting(columnsOf(defaultColumns, false), width).map((column) => column.key);
        expect(shown(868)).toEqual(['name', 'size', 'progress', 'downloadRate', 'uploadRate', 'eta', 'ratio']);
        expect(shown(1200)).toEqual(defaultColumns);
    });
});

describe('settings', () => {
    const connections = settings.find((setting) => setting.key === 'maxConnections')!;
    it.each([[2, true], [65_535, true], [1, false], [1.5, false], [null, false], ['9', false]])('take %s: %s', (value, fine) =>
        expect(problemOf(connections, value) === null).toBe(fine));

    const uses = settings.find((setting) => setting.key === 'proxyFor')!;
    it('choose several, at least one', () => {
        expect(chosenOf(uses, ['dht'], 'peers', true)).toEqual(['peers', 'dht']);
        expect(chosenOf(uses, ['peers', 'dht'], 'peers', false)).toEqual(['dht']);
        expect([problemOf(uses, []), problemOf(uses, ['dht'])]).toEqual(['One at least.', null]);
    });
});

describe('keys', () => {
    const plain = { ctrlKey: false, metaKey: false, altKey: false };
    it('leave the browser its own', () => expect(commandOf({ ...plain, key: 'a', ctrlKey: true })).toBeNull());
    it('obey', () => expect([commandOf({ ...plain, key: 'a' }), commandOf({ ...plain, key: 'x' })]).toEqual(['add', null]));
});
