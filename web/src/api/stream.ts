// The one stream of live events. It connects again by itself, with growing pauses, and asks for what it missed by the last event's id.

import { base } from './client';
import type { ChangeEvent, LogItem, SnapshotEvent } from './contract';
import { EventParser, type ServerEvent } from './sse';

export interface StreamHandlers {
    snapshot(event: SnapshotEvent): void;
    change(event: ChangeEvent): void;
    log(entry: LogItem): void;
    connected(): void;
    /** The connection is gone; `retryIn` milliseconds until the next try. */
    lost(retryIn: number): void;
    refused(status: number): void;
}

/** The server sends at least a comment every 15 s. */
const silence = 40_000;
const longestPause = 15_000;

export class EventStream {
    #abort: AbortController | null = null;
    #lastId: string | null = null;
    #retry: ReturnType<typeof setTimeout> | undefined;
    #watch: ReturnType<typeof setTimeout> | undefined;
    #failures = 0;

    constructor(private readonly handlers: StreamHandlers, private readonly fetcher: typeof fetch = (...args) => fetch(...args)) {}

    start(): void {
        this.stop();
        void this.#run();
    }

    stop(): void {
        this.#abort?.abort();
        this.#abort = null;
        clearTimeout(this.#retry);
        clearTimeout(this.#watch);
    }

    /** Tries at once, for instance when the machine is back from sleep. */
    hurry(): void {
        if (this.#retry !== undefined) this.start();
    }

    async #run(): Promise<void> {
        const abort = new AbortController();
        this.#abort = abort;
        this.#retry = undefined;
        try {
            const headers: Record<string, string> = { accept: 'text/event-stream' };
            if (this.#lastId !== null) headers['last-event-id'] = this.#lastId;
            const response = await this.fetcher(`${base}/events`, { headers, signal: abort.signal, credentials: 'same-origin', cache: 'no-store' });
            if (response.status === 401 || response.status === 403) {
                this.handlers.refused(response.status);
                return;
            }
            if (!response.ok || !response.body) throw new Error(`The event stream answered ${response.status}.`);
            this.handlers.connected();
            await this.#read(response.body, abort);
        } catch {
            // Whatever it was, the answer is to connect again.
        }
        if (this.#abort !== abort) return;
        abort.abort();
        clearTimeout(this.#watch);
        const pause = Math.min(longestPause, 500 * 2 ** this.#failures++);
        this.#retry = setTimeout(() => void this.#run(), pause);
        this.handlers.lost(pause);
    }

    async #read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
        const reader = body.getReader();
        const decoder = new TextDecoder();
        const parser = new EventParser();
        for (;;) {
            clearTimeout(this.#watch);
            this.#watch = setTimeout(() => abort.abort(), silence);
            const { done, value } = await reader.read();
            if (done || abort.signal.aborted) return;
            // Only now: a server that takes connections and ends them at once is not to be asked twice a second.
            this.#failures = 0;
            for (const event of parser.push(decoder.decode(value, { stream: true }))) this.#deliver(event);
        }
    }

    #deliver(event: ServerEvent): void {
        const data: unknown = JSON.parse(event.data);
        if (event.event === 'snapshot') this.handlers.snapshot(data as SnapshotEvent);
        else if (event.event === 'change') this.handlers.change(data as ChangeEvent);
        else if (event.event === 'log') this.handlers.log(data as LogItem);
        // Taken only after the event was applied: what fails on the way is asked for again.
        if (event.id !== null) this.#lastId = event.id;
    }
}
