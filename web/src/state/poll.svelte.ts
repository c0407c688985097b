// Asks again and again while somebody looks: not in a hidden tab, and not while the daemon is away.

import { wordsOf } from '../api/client';
import { app } from './app.svelte';

export interface Polled<T> {
    readonly value: T | null;
    readonly problem: string | null;
}

/** Loads what belongs to the key now and every `interval` milliseconds. Called while a component is set up. */
export function poll<T>(key: () => string | null, load: (key: string, signal: AbortSignal) => Promise<T>, interval: number): Polled<T> {
    let value = $state.raw<T | null>(null);
    let problem = $state.raw<string | null>(null);
    let valueKey: string | null = null;
    // The key alone: what it is read from changes every second, and an answer that takes longer must not be thrown away for that.
    const wanted = $derived(key());

    $effect(() => {
        const current = wanted;
        if (current !== valueKey) value = null;
        valueKey = current;
        if (current === null || !app.live) return;
        const abort = new AbortController();
        let timer: ReturnType<typeof setTimeout> | undefined;
        const run = async (): Promise<void> => {
            try {
                if (!document.hidden) value = await load(current, abort.signal);
                problem = null;
            } catch (error) {
                if (!abort.signal.aborted) problem = wordsOf(error);
            }
            if (!abort.signal.aborted) timer = setTimeout(() => void run(), interval);
        };
        void run();
        return () => {
            abort.abort();
            clearTimeout(timer);
        };
    });

    return {
        get value() {
            return value;
        },
        get problem() {
            return problem;
        },
    };
}
