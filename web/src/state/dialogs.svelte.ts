// The one dialog that is open, if any.

import type { TorrentItem } from '../api/contract';

export type Adding = { readonly kind: 'file'; readonly name: string; readonly bytes: Uint8Array } | { readonly kind: 'link'; readonly link: string };

export type OpenDialog =
    /** The files and links that have come last. */
    | { readonly kind: 'add'; readonly items: readonly Adding[] }
    | { readonly kind: 'columns' | 'keys' | 'about' | 'create' }
    | { readonly kind: 'remove' | 'labels' | 'limits' | 'move'; readonly rows: readonly TorrentItem[] }
    | { readonly kind: 'trackers'; readonly row: TorrentItem }
    | { readonly kind: 'play'; readonly hash: string; readonly index: number; readonly path: string }
    /** Of a file, or of a folder of files, which has no index. */
    | { readonly kind: 'rename'; readonly hash: string; readonly index: number | null; readonly path: string };

class Dialogs {
    #open = $state.raw<OpenDialog | null>(null);
    /** Counts openings, so that a second one of the same kind begins anew. */
    serial = $state.raw(0);

    get open(): OpenDialog | null {
        return this.#open;
    }

    show(dialog: OpenDialog): void {
        this.#open = dialog;
        this.serial++;
    }

    /** Opens the dialog that adds torrents, or adds to it if it is open; false if another one is open, which must not be lost. */
    add(items: readonly Adding[]): boolean {
        if (this.#open === null) this.serial++;
        else if (this.#open.kind !== 'add') return false;
        this.#open = { kind: 'add', items };
        return true;
    }

    close(): void {
        this.#open = null;
    }
}

export const dialogs = new Dialogs();
