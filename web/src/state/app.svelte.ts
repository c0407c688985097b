// What the whole page knows: who is logged in, whether the stream is live, and the session as last reported. The torrents themselves are
// plain objects outside of Svelte's reactivity; `version` counts their updates, and whoever shows them reads it.

import { client, Refusal, whenLoggedOut, wordsOf } from '../api/client';
import type { ChangeEvent, LogItem, SessionInfo, SessionState, SnapshotEvent, TorrentItem } from '../api/contract';
import { EventStream } from '../api/stream';
import { countAll, countedFields, noFilter, type Counts, type Filter } from '../lib/filter';
import type { Sort } from '../lib/sort';
import { Attention } from './attention';
import { Listing } from './listing';
import { completedBy, tellCompleted } from './notices';
import { preferences } from './preferences.svelte';
import { RateLog, RateMemory } from './rates';
import { Selection } from './selection';
import { Torrents, type Touched } from './torrents';

export type Phase = 'starting' | 'login' | 'ready';

const mostLogEntries = 1_000;
/** In milliseconds: nobody holds a button down that long to click. */
const longestHold = 10_000;
/** In milliseconds: what was completed while a tab rested is no news when it is seen again. */
const catchingUp = 3_000;

class App {
    readonly torrents = new Torrents();
    readonly listing = new Listing(this.torrents);
    readonly selection = new Selection();
    readonly sessionRates = new RateLog(60);
    readonly rateMemory = new RateMemory();

    phase = $state.raw<Phase>('starting');
    /** Whether there is a page to show, which a session that ends leaves as it is. */
    entered = $state.raw(false);
    passwordSet = $state.raw(false);
    /** Why the page cannot even start, in words. */
    startProblem = $state.raw<string | null>(null);
    version = $state.raw(0);
    selected = $state.raw(0);
    seconds = $state.raw(0);
    loaded = $state.raw(false);
    live = $state.raw(false);
    lostAt = $state.raw<number | null>(null);
    session = $state.raw<SessionState | null>(null);
    info = $state.raw<SessionInfo | null>(null);
    counts = $state.raw<Counts>(countAll([]));
    filter = $state.raw<Filter>(noFilter);
    /** The row that the keyboard is on. */
    current = $state.raw<string | null>(null);
    log = $state.raw<readonly LogItem[]>([]);

    #parts: TorrentItem[] = [];
    #ticking: ReturnType<typeof setInterval> | undefined;
    #holding: ReturnType<typeof setTimeout> | undefined;
    readonly #stream = new EventStream({
        snapshot: (event) => this.#onSnapshot(event),
        change: (event) => this.#onChange(event),
        log: (entry) => this.#onLog(entry),
        connected: () => this.#onConnected(),
        lost: () => this.#onLost(),
        refused: () => this.#onLoggedOut(),
    });

    readonly #attention = new Attention({ listen: () => this.#listen(), rest: () => this.#rest() });
    /** When it has last begun to listen again; 0 if it never rested. */
    #rested = 0;

    constructor() {
        this.listing.configure(this.filter, preferences.sort);
    }

    async start(): Promise<void> {
        whenLoggedOut(() => this.#onLoggedOut());
        this.startProblem = null;
        try {
            await this.#logInByAddress();
            const state = await client.authentication();
            this.passwordSet = state.passwordSet;
            if (state.authenticated) await this.enter();
            else this.phase = 'login';
        } catch (error) {
            this.startProblem = wordsOf(error);
        }
    }

    /** After a login. */
    async enter(): Promise<void> {
        this.phase = 'ready';
        this.entered = true;
        this.#attention.start();
        clearInterval(this.#ticking);
        this.#ticking = setInterval(() => this.#tick(), 1_000);
        await Promise.all([this.#loadInfo(), this.#loadHistory()]);
    }

    async logout(): Promise<void> {
        await client.logout();
        this.#onLoggedOut();
        this.entered = false;
    }

    reconnect(): void {
        this.#stream.hurry();
    }

    setFilter(change: Partial<Filter>): void {
        this.filter = { ...this.filter, ...change };
        this.listing.configure(this.filter, preferences.sort);
        this.#keepShown();
        this.version++;
    }

    setSort(sort: Sort): void {
        preferences.sort = sort;
        this.listing.configure(this.filter, sort);
        this.version++;
    }

    /** Keeps the rows where they are while a pointer is down on them: it is lifted from the torrent on which it was put. */
    hold(): void {
        this.listing.hold();
        clearTimeout(this.#holding);
        this.#holding = setTimeout(() => this.letGo(), longestHold);
    }

    letGo(): void {
        clearTimeout(this.#holding);
        if (!this.listing.letGo()) return;
        this.#keepShown();
        this.version++;
    }

    /** Says that the selection changed: it is no reactive object, since 10,000 rows would look at it. */
    onSelected(): void {
        this.selected++;
    }

    /** Rows that an action is for: the selected ones, else the current one. */
    targets(): TorrentItem[] {
        const hashes = this.selection.size > 0 ? this.selection.ids : this.current === null ? [] : [this.current];
        return hashes.map((hash) => this.torrents.get(hash)).filter((row) => row !== undefined);
    }

    async #logInByAddress(): Promise<void> {
        const token = /^#token=([^&]+)/.exec(location.hash)?.[1];
        if (token === undefined) return;
        // Out of the address bar and the history before anything else happens.
        history.replaceState(null, '', location.pathname + location.search);
        try {
            await client.login({ token: decoded(token) });
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
        }
    }

    async #loadInfo(): Promise<void> {
        try {
            this.info = await client.session();
        } catch {
            // The stream says that the daemon is away, and what is known of it stays.
        }
    }

    async #loadHistory(): Promise<void> {
        try {
            const past = await client.history('minutes');
            this.sessionRates.fill(past.downloadRates, past.uploadRates);
        } catch {
            // A chart without a past begins now.
        }
    }

    #onSnapshot(event: SnapshotEvent): void {
        if (event.reset) this.#parts = [];
        this.#parts.push(...event.torrents);
        this.session = event.session;
        // At the first load the first part is shown at once; everything else replaces what is shown in one go.
        if (!event.complete && (this.loaded || !event.reset)) return;
        this.#onTouched(this.torrents.reset(this.#parts));
        if (!event.complete) return;
        this.#parts = [];
        this.loaded = true;
    }

    #onChange(event: ChangeEvent): void {
        if (event.session && this.session) this.session = { ...this.session, ...event.session };
        if (!event.added && !event.changed && !event.removed) return;
        if (Date.now() - this.#rested > catchingUp) tellCompleted(completedBy(event, (hash) => this.torrents.get(hash)));
        this.#onTouched(this.torrents.apply(event));
    }

    #onTouched(touched: Touched): void {
        this.listing.update(touched);
        this.#keepShown();
        if (touched.members) this.rateMemory.keep((hash) => this.torrents.get(hash) !== undefined);
        if (touched.members || [...touched.fields].some((field) => countedFields.has(field))) this.counts = countAll(this.torrents.all());
        this.version++;
    }

    // What is done to the selection must not happen to rows that nobody sees.
    #keepShown(): void {
        if (this.selection.size === 0 && this.current === null) return;
        const isShown = (hash: string): boolean => this.listing.indexOf(hash) >= 0;
        if (this.selection.keep(isShown)) this.onSelected();
        if (this.current !== null && !isShown(this.current)) this.current = null;
    }

    #onLog(entry: LogItem): void {
        this.log = [...this.log.slice(-mostLogEntries + 1), entry];
        // What is wrong with a watch folder is told as long as it lasts.
        if (entry.event === 'watch-folder' && (entry.level === 'error' || (this.info?.warnings.length ?? 0) > 0)) void this.#loadInfo();
    }

    #listen(): void {
        if (this.loaded) this.#rested = Date.now();
        this.#stream.start();
        if (this.loaded) void Promise.all([this.#loadInfo(), this.#loadHistory()]);
    }

    #rest(): void {
        this.#stream.stop();
        this.live = false;
    }

    #onConnected(): void {
        const wasLost = this.lostAt !== null;
        this.live = true;
        this.lostAt = null;
        if (wasLost) void this.#loadInfo();
    }

    #onLost(): void {
        this.live = false;
        this.lostAt ??= Date.now();
    }

    #onLoggedOut(): void {
        this.#attention.stop();
        clearInterval(this.#ticking);
        this.phase = 'login';
    }

    #tick(): void {
        if (!this.live || !this.session) return;
        this.sessionRates.push(this.session.downloadRate, this.session.uploadRate);
        this.rateMemory.tick(this.torrents.all());
        this.seconds++;
    }
}

/** As it is, if somebody has cut it off in the middle: then it is a wrong one. */
function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

export const app = new App();
