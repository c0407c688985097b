// The rows of the list in their order. Filtering and sorting run again only when something that they look at changed: with 10,000 torrents
// sorted by name, rates that change every second cost nothing here.

import type { TorrentItem } from '../api/contract';
import { fieldsOf, matcher, noFilter, type Filter } from '../lib/filter';
import { comparer, type Sort } from '../lib/sort';
import type { Field, Torrents, Touched } from './torrents';

export class Listing {
    #ids: string[] = [];
    #places: Map<string, number> | null = null;
    #filter: Filter = noFilter;
    #sort: Sort = { key: 'addedAt', descending: true };
    #looksAt: Set<Field> = new Set();
    #isHeld = false;
    #isDue = false;
    /** How often the whole was filtered and sorted: what tests and measurements look at. */
    rebuilds = 0;

    constructor(private readonly torrents: Torrents) {
        this.configure(this.#filter, this.#sort);
    }

    get length(): number {
        return this.#ids.length;
    }

    get ids(): readonly string[] {
        return this.#ids;
    }

    at(index: number): TorrentItem | undefined {
        const id = this.#ids[index];
        return id === undefined ? undefined : this.torrents.get(id);
    }

    slice(from: number, to: number): TorrentItem[] {
        const rows: TorrentItem[] = [];
        for (const id of this.#ids.slice(from, to)) {
            const row = this.torrents.get(id);
            if (row) rows.push(row);
        }
        return rows;
    }

    /** The row's place, or -1. */
    indexOf(id: string): number {
        this.#places ??= new Map(this.#ids.map((each, index) => [each, index]));
        return this.#places.get(id) ?? -1;
    }

    configure(filter: Filter, sort: Sort): void {
        this.#filter = filter;
        this.#sort = sort;
        this.#looksAt = new Set([...fieldsOf(filter), sort.key]);
        this.#rebuild();
    }

    update(touched: Touched): void {
        if (!touched.members && !intersects(touched.fields, this.#looksAt)) return;
        if (this.#isHeld) this.#isDue = true;
        else this.#rebuild();
    }

    /** Keeps the rows and their order as they are until they are let go. What they say still changes. */
    hold(): void {
        this.#isHeld = true;
    }

    /** Catches up; returns whether there was anything to catch up with. */
    letGo(): boolean {
        this.#isHeld = false;
        if (!this.#isDue) return false;
        this.#rebuild();
        return true;
    }

    #rebuild(): void {
        this.rebuilds++;
        this.#isDue = false;
        const matches = matcher(this.#filter);
        const rows: TorrentItem[] = [];
        for (const row of this.torrents.all()) if (matches(row)) rows.push(row);
        rows.sort(comparer(this.#sort));
        this.#ids = rows.map((row) => row.hash);
        this.#places = null;
    }
}

function intersects<T>(few: ReadonlySet<T>, others: ReadonlySet<T>): boolean {
    for (const each of few) if (others.has(each)) return true;
    return false;
}
