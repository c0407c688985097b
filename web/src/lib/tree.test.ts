import { describe, expect, it } from 'vitest';
import { prioritiesOf, wantedSize } from './choice';
import { buildTree, choiceOf, flatten } from './tree';

const files = ['t/b/2.txt', 't/b/10.txt', 't/a.txt', 't/c/d/e.bin'].map((path, index) => ({ index, path, length: 10 * (index + 1), verified: index }));
const tree = buildTree(files);

describe('the file tree', () => {
    it('has folders first, and numbers in order', () =>
        expect(flatten(tree, () => true).map((node) => node.path)).toEqual(['t', 't/b', 't/b/2.txt', 't/b/10.txt', 't/c', 't/c/d', 't/c/d/e.bin', 't/a.txt']));

    it('sums up what is below a folder', () => {
        const root = tree.children[0]!;
        expect([root.length, root.verified, [...root.files].sort()]).toEqual([100, 6, [0, 1, 2, 3]]);
    });

    it('hides what is in closed folders', () => expect(flatten(tree, (path) => path === 't').map((node) => node.path)).toEqual(['t', 't/b', 't/c', 't/a.txt']));

    it('opens the way to what a filter finds, and nothing else', () =>
        expect(flatten(tree, () => false, 'E.BIN').map((node) => node.path)).toEqual(['t', 't/c', 't/c/d', 't/c/d/e.bin']));

    it('knows whether all, some or none of a folder is wanted', () => {
        const folder = tree.children[0]!.children[0]!;
        expect([choiceOf(folder, () => true), choiceOf(folder, (file) => file === 0), choiceOf(folder, () => false)]).toEqual(['all', 'some', 'none']);
    });

    it('builds a tree of 50,000 files', () => {
        const many = Array.from({ length: 50_000 }, (_, index) => ({ index, path: `t/${index % 100}/${index}`, length: 1, verified: 0 }));
        expect(buildTree(many).length).toBe(50_000);
    });
});

describe('the choice of files', () => {
    it('is a list by index, as long as it has to be', () => {
        expect(prioritiesOf(new Map())).toEqual([]);
        expect(prioritiesOf(new Map([[3, 'skip'], [1, 'high'], [7, 'normal']]))).toEqual(['normal', 'high', 'normal', 'skip']);
    });

    it('knows how much is wanted', () => {
        const sizes = [{ index: 0, size: 5 }, { index: 2, size: 7 }];
        expect(wantedSize(sizes, new Map([[2, 'skip']]))).toBe(5);
    });
});
