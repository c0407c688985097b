// Which view is shown is in the address, behind the #, so that back, reload and bookmarks work.

export const tabs = ['overview', 'files', 'peers', 'trackers', 'log'] as const;
export type Tab = (typeof tabs)[number];
export type View = 'list' | 'settings' | 'statistics' | 'log';

export interface Route {
    readonly view: View;
    readonly hash: string | null;
    readonly tab: Tab;
}

export function parse(fragment: string): Route {
    const [view = '', hash = '', tab = ''] = fragment.replace(/^#\/?/, '').split('/');
    if (view === 'torrent' && /^[0-9a-f]{40}$/.test(hash)) return { view: 'list', hash, tab: tabs.find((each) => each === tab) ?? 'overview' };
    if (view === 'settings' || view === 'statistics' || view === 'log') return { view, hash: null, tab: 'overview' };
    return { view: 'list', hash: null, tab: 'overview' };
}

class Router {
    route = $state.raw<Route>(parse(location.hash));

    constructor() {
        addEventListener('hashchange', () => (this.route = parse(location.hash)));
    }

    open(view: View): void {
        this.#go(view === 'list' ? '#/' : `#/${view}`);
    }

    details(hash: string, tab: Tab = this.route.tab): void {
        const fragment = `#/torrent/${hash}/${tab}`;
        // From one torrent to the next is no step to go back by.
        if (this.route.hash !== null) {
            history.replaceState(null, '', fragment);
            this.route = parse(fragment);
        } else this.#go(fragment);
    }

    #go(fragment: string): void {
        location.hash = fragment;
        this.route = parse(fragment);
    }
}

export const router = new Router();
