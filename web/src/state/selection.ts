// Which rows are chosen, as lists everywhere do it: a click chooses one, Ctrl adds or takes away one, Shift chooses up to there.

export class Selection {
    #chosen = new Set<string>();
    #anchor: string | null = null;
    /** Whether one row was chosen by itself, as by a click. */
    #isSingle = false;

    get size(): number {
        return this.#chosen.size;
    }

    get ids(): string[] {
        return [...this.#chosen];
    }

    has(id: string): boolean {
        return this.#chosen.has(id);
    }

    only(id: string): void {
        this.#chosen = new Set([id]);
        this.#anchor = id;
        this.#isSingle = true;
    }

    /** The row that the keyboard is on has changed. One that was chosen by a click goes with it; what Space has gathered stays. */
    follow(id: string): boolean {
        if (!this.#isSingle || this.#chosen.size === 0) return false;
        this.only(id);
        return true;
    }

    toggle(id: string): void {
        this.#isSingle = false;
        if (!this.#chosen.delete(id)) this.#chosen.add(id);
        this.#anchor = id;
    }

    /** Everything from the last row that was chosen by itself to this one. */
    extend(id: string, order: readonly string[]): void {
        const from = this.#anchor === null ? -1 : order.indexOf(this.#anchor);
        const to = order.indexOf(id);
        if (from < 0 || to < 0) {
            this.only(id);
            return;
        }
        this.#isSingle = false;
        this.#chosen = new Set(order.slice(Math.min(from, to), Math.max(from, to) + 1));
    }

    all(order: readonly string[]): void {
        this.#isSingle = false;
        this.#chosen = new Set(order);
    }

    clear(): void {
        this.#chosen.clear();
        this.#anchor = null;
        this.#isSingle = false;
    }

    /** Forgets rows that are gone or no longer shown; whether there were any. */
    keep(exists: (id: string) => boolean): boolean {
        let changed = false;
        for (const id of this.#chosen) if (!exists(id)) changed = this.#chosen.delete(id);
        if (this.#anchor !== null && !exists(this.#anchor)) this.#anchor = null;
        return changed;
    }
}
