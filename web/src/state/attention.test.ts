import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Attention, type Shown } from './attention';

/** A document that the test hides. */
class Page extends EventTarget implements Shown {
    visibilityState = 'visible';

    turn(to: 'visible' | 'hidden'): void {
        this.visibilityState = to;
        this.dispatchEvent(new Event('visibilitychange'));
    }
}

/** The locks of one browser: the first has it, the others wait in their order. */
class Locks {
    #held = false;
    readonly #queue: (() => void)[] = [];

    request = (async (_name: string, options: LockOptions, use: (lock: Lock | null) => Promise<void> | undefined) => {
        if (this.#held && options.ifAvailable) return use(null);
        if (this.#held) {
            await new Promise<void>((go, fail) => {
                this.#queue.push(go);
                options.signal?.addEventListener('abort', () => {
                    // Whoever has it already is asked to give it up in another way.
                    if (!this.#queue.includes(go)) return;
                    this.#queue.splice(this.#queue.indexOf(go), 1);
                    fail(new DOMException('aborted', 'AbortError'));
                });
            });
        }
        this.#held = true;
        await use({ name: _name, mode: 'exclusive' });
        this.#held = false;
        this.#queue.shift()?.();
    }) as LockManager['request'];
}

class Tab {
    readonly page = new Page();
    listening = false;
    connections = 0;
    readonly attention: Attention;

    constructor(locks: Locks | null) {
        this.attention = new Attention({
            listen: () => {
                if (!this.listening) this.connections++;
                this.listening = true;
            },
            rest: () => (this.listening = false),
        }, this.page, locks);
        this.attention.start();
    }
}

describe('attention', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    const wait = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1_000);

    it('leaves one of the hidden tabs listening, besides those that are seen', async () => {
        const locks = new Locks();
        const tabs = Array.from({ length: 10 }, () => new Tab(locks));
        for (const tab of tabs.slice(0, 8)) tab.page.turn('hidden');
        await wait(11);
        expect(tabs.map((tab) => tab.listening)).toEqual([true, false, false, false, false, false, false, false, true, true]);
        expect(tabs[0]!.connections).toBe(1);
        expect(tabs[1]!.attention.resting).toBe(true);
    });

    it('has another hidden tab listen when the one that did is seen or closed', async () => {
        const locks = new Locks();
        const [first, second, third] = [new Tab(locks), new Tab(locks), new Tab(locks)];
        for (const tab of [first, second, third]) tab.page.turn('hidden');
        await wait(11);
        expect([first.listening, second.listening, third.listening]).toEqual([true, false, false]);
        first.page.turn('visible');
        await wait(1);
        expect([first.listening, second.listening, third.listening]).toEqual([true, true, false]);
        second.attention.stop();
        await wait(1);
        expect([first.listening, second.listening, third.listening]).toEqual([true, false, true]);
    });

    it('listens again at once when it is seen, and never stopped if that is soon', async () => {
        const locks = new Locks();
        const [other, tab] = [new Tab(locks), new Tab(locks)];
        other.page.turn('hidden');
        tab.page.turn('hidden');
        await wait(5);
        tab.page.turn('visible');
        await wait(60);
        expect([tab.listening, tab.connections]).toEqual([true, 1]);
        tab.page.turn('hidden');
        await wait(11);
        expect(tab.listening).toBe(false);
        tab.page.turn('visible');
        expect([tab.listening, tab.connections]).toEqual([true, 2]);
        // It no longer waits for the lock, which the other gives up.
        other.attention.stop();
        await wait(1);
        expect(tab.connections).toBe(2);
    });

    it('rests where there are no locks, and does nothing once it was stopped', async () => {
        const tab = new Tab(null);
        tab.page.turn('hidden');
        await wait(11);
        expect(tab.listening).toBe(false);
        tab.attention.stop();
        tab.page.turn('visible');
        expect(tab.listening).toBe(false);
    });
});
