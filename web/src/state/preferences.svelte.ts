// What the user chose about the page itself. It stays in this browser.

import type { UnitSystem } from '../lib/format';
import { defaultColumns } from '../lib/columns';
import type { Sort } from '../lib/sort';

interface Chosen {
    theme: 'system' | 'light' | 'dark';
    units: UnitSystem;
    density: 'comfortable' | 'compact';
    columns: readonly string[];
    sort: Sort;
    /** Whether completed torrents are told of by the desktop. */
    notify: boolean;
}

const defaults: Chosen = {
    theme: 'system',
    units: 'iec',
    density: 'comfortable',
    columns: defaultColumns,
    sort: { key: 'addedAt', descending: true },
    notify: false,
};

function read<K extends keyof Chosen>(key: K): Chosen[K] {
    try {
        const text = localStorage.getItem(`freshet.${key}`);
        return text === null ? defaults[key] : (JSON.parse(text) as Chosen[K]);
    } catch {
        return defaults[key];
    }
}

class Preferences {
    #theme = $state.raw(read('theme'));
    #units = $state.raw(read('units'));
    #density = $state.raw(read('density'));
    #columns = $state.raw(read('columns'));
    #sort = $state.raw(read('sort'));
    #notify = $state.raw(read('notify'));

    get theme(): Chosen['theme'] {
        return this.#theme;
    }

    set theme(value) {
        this.#theme = this.#keep('theme', value);
        if (value === 'system') delete document.documentElement.dataset.theme;
        else document.documentElement.dataset.theme = value;
    }

    get units(): UnitSystem {
        return this.#units;
    }

    set units(value) {
        this.#units = this.#keep('units', value);
    }

    get density(): Chosen['density'] {
        return this.#density;
    }

    set density(value) {
        this.#density = this.#keep('density', value);
    }

    get columns(): readonly string[] {
        return this.#columns;
    }

    set columns(value) {
        this.#columns = this.#keep('columns', value);
    }

    get sort(): Sort {
        return this.#sort;
    }

    set sort(value) {
        this.#sort = this.#keep('sort', value);
    }

    get notify(): boolean {
        return this.#notify;
    }

    set notify(value) {
        this.#notify = this.#keep('notify', value);
    }

    #keep<K extends keyof Chosen>(key: K, value: Chosen[K]): Chosen[K] {
        try {
            localStorage.setItem(`freshet.${key}`, JSON.stringify(value));
        } catch {
            // Without storage it holds until the page is closed.
        }
        return value;
    }
}

export const preferences = new Preferences();
