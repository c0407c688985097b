// What is about to be added: each file or link with what is known of it, and what was chosen for all of them.

import { client, Refusal, toBase64, wordsOf } from '../api/client';
import type { AddTorrent, InspectedTorrent, Priority, TorrentOrigin } from '../api/contract';
import { prioritiesOf, wantedSize } from '../lib/choice';
import { plural } from '../lib/format';
import { addressesIn, isMagnet, nameOf } from '../lib/links';
import { attempt } from './actions';
import { app } from './app.svelte';
import type { Adding } from './dialogs.svelte';
import { toasts } from './toasts.svelte';

export interface AddEntry {
    readonly key: number;
    readonly title: string;
    readonly origin: TorrentOrigin;
    readonly magnet: boolean;
    readonly inspected: InspectedTorrent | null;
    readonly problem: string | null;
    readonly priorities: ReadonlyMap<number, Priority>;
    /** A magnet link that was added already, so that its files are found. */
    readonly added: string | null;
}

export class AddList {
    entries = $state.raw<readonly AddEntry[]>([]);
    folder = $state(app.info?.downloadFolder ?? '');
    labels = $state.raw<readonly string[]>([]);
    category = $state('');
    start = $state(true);
    sequential = $state(false);
    ends = $state(false);
    keep = $state(false);
    incomplete = $state('');
    maxDownloadRate = $state(0);
    maxUploadRate = $state(0);
    force = $state(false);
    peers = $state('');
    /** Whether what was typed as limits are limits. */
    valid = $state({ maxDownloadRate: true, maxUploadRate: true });
    busy = $state(false);
    #nextKey = 0;

    /** Those that can be added. */
    readonly good = $derived(this.entries.filter((entry) => entry.problem === null && !entry.inspected?.exists));
    readonly needed = $derived(this.good.reduce((sum, entry) => sum + wantedSize(entry.inspected?.files ?? [], entry.priorities), 0));
    /** Whether what cannot be changed once a torrent is added is settled already. */
    readonly settled = $derived(this.entries.some((entry) => entry.added !== null));

    take(item: Adding): void {
        const key = this.#nextKey++;
        const isFile = item.kind === 'file';
        const origin: TorrentOrigin = isFile ? { metainfo: toBase64(item.bytes) } : { source: item.link };
        this.entries = [...this.entries, {
            key, title: isFile ? item.name : nameOf(item.link), origin, magnet: !isFile && isMagnet(item.link),
            inspected: null, problem: null, priorities: new Map(), added: null,
        }];
        void this.#inspect(key, origin);
    }

    /** Not this one; what was added only to look into it goes again. */
    leaveOut(entry: AddEntry): void {
        this.#drop(entry.key);
        if (entry.added !== null) removeAgain([entry.added]);
    }

    prioritize(entry: AddEntry, files: readonly number[], priority: Priority): void {
        const priorities = new Map(entry.priorities);
        for (const index of files) priorities.set(index, priority);
        this.#update(entry.key, { priorities });
    }

    /** Adds a magnet link that stops as soon as its files are known. */
    async findFiles(entry: AddEntry): Promise<void> {
        this.busy = true;
        try {
            const torrent = await client.add({ ...entry.origin, ...this.#options(), stopAtMetadata: true, start: true });
            if (this.entries.some((each) => each.key === entry.key)) this.#update(entry.key, { added: torrent.hash });
            else removeAgain([torrent.hash]);
        } catch (error) {
            this.#update(entry.key, { problem: wordsOf(error) });
        }
        this.busy = false;
    }

    /** Takes over the files of a magnet link, once they are found. */
    async loadFiles(entry: AddEntry): Promise<void> {
        const torrent = entry.added === null ? undefined : app.torrents.get(entry.added);
        if (!torrent || !entry.inspected) return;
        await attempt(async () => {
            const files = await client.files(torrent.hash);
            this.#update(entry.key, { title: torrent.name, inspected: { ...entry.inspected!, name: torrent.name, size: torrent.size, files } });
        });
    }

    /** Adds what can be; whether nothing is left. */
    async addAll(): Promise<boolean> {
        this.busy = true;
        let added = 0;
        for (const entry of this.good) {
            try {
                if (entry.added !== null) await this.#finish(entry, entry.added);
                else {
                    const priorities = prioritiesOf(entry.priorities);
                    await client.add({ ...entry.origin, ...this.#options(), ...(priorities.length > 0 ? { priorities } : {}), start: this.start });
                }
                added++;
                this.#drop(entry.key);
            } catch (error) {
                const exists = error instanceof Refusal && error.code === 'torrent-exists';
                this.#update(entry.key, { problem: exists ? 'It is here already.' : wordsOf(error) });
            }
        }
        this.busy = false;
        if (added > 0) toasts.done(`${plural(added, 'torrent')} added.`);
        return this.entries.length === 0;
    }

    /** None of them; what was added only to look into it goes again. */
    cancel(): void {
        const hashes = this.entries.map((entry) => entry.added).filter((hash) => hash !== null);
        this.entries = [];
        if (hashes.length > 0) removeAgain(hashes);
    }

    #drop(key: number): void {
        this.entries = this.entries.filter((entry) => entry.key !== key);
    }

    async #inspect(key: number, origin: TorrentOrigin): Promise<void> {
        try {
            const inspected = await client.inspect(origin);
            this.#update(key, { inspected, ...(inspected.name === null ? {} : { title: inspected.name }) });
        } catch (error) {
            this.#update(key, { problem: wordsOf(error) });
        }
    }

    #update(key: number, change: Partial<AddEntry>): void {
        this.entries = this.entries.map((entry) => (entry.key === key ? { ...entry, ...change } : entry));
    }

    #options(): AddTorrent {
        return {
            ...(this.folder.trim() === '' ? {} : { folder: this.folder.trim() }),
            ...(this.labels.length === 0 ? {} : { labels: this.labels }),
            ...(this.category.trim() === '' ? {} : { category: this.category.trim() }),
            ...(this.ends ? { firstAndLastFirst: true } : {}),
            ...(this.keep ? { keepExisting: true } : {}),
            ...(this.incomplete.trim() === '' ? {} : { incompleteFolder: this.incomplete.trim() }),
            ...(this.peers.trim() === '' ? {} : { peers: addressesIn(this.peers) }),
            ...this.#limits(),
            sequential: this.sequential,
        };
    }

    #limits(): Pick<AddTorrent, 'maxDownloadRate' | 'maxUploadRate' | 'forceStart'> {
        return {
            ...(this.maxDownloadRate > 0 ? { maxDownloadRate: this.maxDownloadRate } : {}),
            ...(this.maxUploadRate > 0 ? { maxUploadRate: this.maxUploadRate } : {}),
            ...(this.force ? { forceStart: true } : {}),
        };
    }

    async #finish(entry: AddEntry, hash: string): Promise<void> {
        for (const priority of ['skip', 'low', 'high'] as const) {
            const files = [...entry.priorities].filter(([, each]) => each === priority).map(([index]) => index);
            if (files.length > 0) await client.prioritize(hash, files, priority);
        }
        await client.change(hash, {
            labels: this.labels, category: this.category.trim(), sequential: this.sequential, firstAndLastFirst: this.ends,
            maxDownloadRate: this.maxDownloadRate, maxUploadRate: this.maxUploadRate, forceStart: this.force,
        });
        const running = app.torrents.get(hash)?.state !== 'stopped';
        if (this.start !== running) await client.bulk({ action: this.start ? 'start' : 'stop', hashes: [hash] });
    }
}

// Without its files: nothing was downloaded, unless somebody has started it meanwhile, and then it is theirs.
function removeAgain(hashes: readonly string[]): void {
    void attempt(() => client.bulk({ action: 'remove', hashes, deleteFiles: false }));
}
