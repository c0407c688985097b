// Which tabs listen. Without TLS a browser opens six connections to a host, for all its tabs together, and a stream takes one for as long as
// it lasts: with a stream in each tab, the seventh could not even load. So a tab that nobody sees stops listening after a while, and goes on
// where it was when it is seen again. One of the hidden ones, whichever holds the lock, listens all the same, so that notifications come.

export interface Listener {
    listen(): void;
    rest(): void;
}

/** What is needed of the document. */
export interface Shown extends Pick<EventTarget, 'addEventListener'> {
    readonly visibilityState: string;
}

/** In milliseconds: who looks at another tab for a moment is soon back. */
const patience = 10_000;
const lockName = 'freshet-events';

export class Attention {
    #on = false;
    #resting = false;
    #timer: ReturnType<typeof setTimeout> | undefined;
    #waiting: AbortController | null = null;
    #release: (() => void) | null = null;

    /** Browsers have locks only over HTTPS or from the same machine, as they have notifications. */
    constructor(
        private readonly listener: Listener,
        private readonly page: Shown = document,
        private readonly locks: Pick<LockManager, 'request'> | null = (navigator.locks as LockManager | undefined) ?? null,
    ) {
        page.addEventListener('visibilitychange', () => this.#onVisibility());
    }

    /** Whether this tab has stopped listening because nobody sees it. */
    get resting(): boolean {
        return this.#resting;
    }

    start(): void {
        this.stop();
        this.#on = true;
        this.listener.listen();
        this.#onVisibility();
    }

    stop(): void {
        this.#on = false;
        this.#resting = false;
        this.#letGo();
        this.listener.rest();
    }

    #onVisibility(): void {
        if (!this.#on) return;
        this.#letGo();
        if (this.page.visibilityState === 'hidden') this.#timer = setTimeout(() => void this.#leave(), patience);
        else this.#listenAgain();
    }

    async #leave(): Promise<void> {
        const waiting = new AbortController();
        this.#waiting = waiting;
        const hold = (): Promise<void> => {
            if (this.#waiting !== waiting) return Promise.resolve();
            this.#listenAgain();
            return new Promise((release) => (this.#release = release));
        };
        // Whoever gets it at once does not stop listening in between.
        const isHeld = await new Promise<boolean>((tell) => {
            if (!this.locks) return tell(false);
            void this.locks.request(lockName, { ifAvailable: true }, (lock) => {
                tell(lock !== null);
                return lock === null ? undefined : hold();
            });
        });
        if (isHeld || this.#waiting !== waiting) return;
        this.#resting = true;
        this.listener.rest();
        // Aborted when the tab is seen again.
        await this.locks?.request(lockName, { signal: waiting.signal }, hold).catch(() => undefined);
    }

    #listenAgain(): void {
        if (!this.#resting) return;
        this.#resting = false;
        this.listener.listen();
    }

    #letGo(): void {
        clearTimeout(this.#timer);
        this.#waiting?.abort();
        this.#waiting = null;
        this.#release?.();
        this.#release = null;
    }
}
