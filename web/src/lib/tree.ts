// A torrent's files as a tree. Folders carry sums of what is below them, so that a row needs no walk.

import { plain } from './format';

export interface TreeFile {
    readonly index: number;
    readonly path: string;
    readonly length: number;
    readonly verified: number;
}

export interface TreeNode {
    readonly name: string;
    readonly path: string;
    readonly depth: number;
    /** The file's index; null for a folder. */
    readonly file: number | null;
    readonly children: TreeNode[];
    /** Indices of all files below, or of the file itself. */
    readonly files: number[];
    length: number;
    verified: number;
}

export type Choice = 'all' | 'none' | 'some';

export function buildTree(files: readonly TreeFile[]): TreeNode {
    const root = folder('', '', -1);
    const folders = new Map<string, TreeNode>([['', root]]);
    for (const file of files) {
        const cut = file.path.lastIndexOf('/');
        const parent = folderOf(cut < 0 ? '' : file.path.slice(0, cut), folders);
        parent.children.push({
            name: plain(file.path.slice(cut + 1)), path: file.path, depth: parent.depth + 1, file: file.index,
            children: [], files: [file.index], length: file.length, verified: file.verified,
        });
        for (let up: TreeNode | undefined = parent; up; up = up === root ? undefined : folders.get(parentPath(up.path))) {
            up.files.push(file.index);
            up.length += file.length;
            up.verified += file.verified;
        }
    }
    sortTree(root);
    return root;
}

/** The rows that are seen: children of open folders. With a filter, all matching files and the folders that lead to them. */
export function flatten(root: TreeNode, isOpen: (path: string) => boolean, filter = ''): TreeNode[] {
    const rows: TreeNode[] = [];
    const words = filter.trim().toLowerCase();
    const visit = (node: TreeNode): boolean => {
        if (node.file !== null) {
            if (words !== '' && !node.path.toLowerCase().includes(words)) return false;
            rows.push(node);
            return true;
        }
        const place = rows.length;
        if (node !== root) rows.push(node);
        let found = words === '';
        if (words !== '' || node === root || isOpen(node.path)) {
            for (const child of node.children) found = visit(child) || found;
        }
        if (!found) rows.length = place;
        return found;
    };
    visit(root);
    return rows;
}

export function choiceOf(node: TreeNode, isWanted: (file: number) => boolean): Choice {
    let wanted = 0;
    for (const file of node.files) if (isWanted(file)) wanted++;
    return wanted === 0 ? 'none' : wanted === node.files.length ? 'all' : 'some';
}

function folder(name: string, path: string, depth: number): TreeNode {
    return { name, path, depth, file: null, children: [], files: [], length: 0, verified: 0 };
}

function folderOf(path: string, folders: Map<string, TreeNode>): TreeNode {
    const known = folders.get(path);
    if (known) return known;
    const parent = folderOf(parentPath(path), folders);
    const node = folder(plain(path.slice(path.lastIndexOf('/') + 1)), path, parent.depth + 1);
    parent.children.push(node);
    folders.set(path, node);
    return node;
}

function parentPath(path: string): string {
    const cut = path.lastIndexOf('/');
    return cut < 0 ? '' : path.slice(0, cut);
}

function sortTree(node: TreeNode): void {
    const isFolder = (child: TreeNode): number => (child.file === null ? 0 : 1);
    node.children.sort((a, b) => isFolder(a) - isFolder(b) || collator.compare(a.name, b.name));
    for (const child of node.children) if (child.file === null) sortTree(child);
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
