// Which element each row gets, of rows that come into sight and leave it. A row that stays in sight keeps its element, so that whatever points
// at it (a pressed button, a screen reader) still does after the order has changed; a row that comes gets the element of one that has left,
// which is cheaper than to make one.

export class Slots<Key> {
    /** In the order in which they are shown. */
    #slots = new Map<Key, number>();
    #made = 0;

    /** The elements of the rows in sight, by number. */
    assign(keys: readonly Key[]): number[] {
        const shown = new Set(keys);
        const free = [...this.#slots].filter(([key]) => !shown.has(key)).map(([, slot]) => slot);
        let next = 0;
        const assigned = keys.map((key) => this.#slots.get(key) ?? free[next++] ?? this.#made++);
        this.#slots = new Map(keys.map((key, index) => [key, assigned[index]!]));
        return assigned;
    }
}
