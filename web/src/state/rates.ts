// Rates of the last minutes, one value a second. The server keeps the session's; those of single torrents are remembered here, for torrents
// that were active while the page was open.

export interface Rates {
    readonly down: readonly number[];
    readonly up: readonly number[];
}

export class RateLog {
    down: number[] = [];
    up: number[] = [];

    constructor(private readonly most: number) {}

    push(down: number, up: number): void {
        this.down.push(down);
        this.up.push(up);
        if (this.down.length > this.most) {
            this.down.shift();
            this.up.shift();
        }
    }

    fill(down: readonly number[], up: readonly number[]): void {
        this.down = down.slice(-this.most);
        this.up = up.slice(-this.most);
    }

    get isQuiet(): boolean {
        return this.down.every((value) => value === 0) && this.up.every((value) => value === 0);
    }
}

const mostTorrents = 200;
const mostSeconds = 300;

export class RateMemory {
    #logs = new Map<string, RateLog>();

    of(hash: string): Rates {
        return this.#logs.get(hash) ?? { down: [], up: [] };
    }

    /** Called once a second with every torrent. */
    tick(rows: Iterable<{ readonly hash: string; readonly downloadRate: number; readonly uploadRate: number }>): void {
        for (const row of rows) {
            const active = row.downloadRate > 0 || row.uploadRate > 0;
            let log = this.#logs.get(row.hash);
            if (!log && active && this.#logs.size < mostTorrents) this.#logs.set(row.hash, (log = new RateLog(mostSeconds)));
            log?.push(row.downloadRate, row.uploadRate);
            if (log && !active && log.isQuiet) this.#logs.delete(row.hash);
        }
    }

    keep(exists: (hash: string) => boolean): void {
        for (const hash of this.#logs.keys()) if (!exists(hash)) this.#logs.delete(hash);
    }
}
