// Which files of a torrent are wanted before it is added.

import type { Priority } from '../api/contract';

/** The list that the API takes: by index, normal where nothing was chosen, no longer than needed. */
export function prioritiesOf(chosen: ReadonlyMap<number, Priority>): Priority[] {
    const list: Priority[] = [];
    for (const [index, priority] of chosen) {
        if (priority === 'normal') continue;
        while (list.length <= index) list.push('normal');
        list[index] = priority;
    }
    return list;
}

export function wantedSize(files: readonly { readonly index: number; readonly size: number }[], chosen: ReadonlyMap<number, Priority>): number {
    return files.reduce((sum, file) => sum + (chosen.get(file.index) === 'skip' ? 0 : file.size), 0);
}
