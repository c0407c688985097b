// The shapes of the daemon's API (docs/api.md), as its description has them; and those of the event stream, which no description can say.
// Rates are bytes per second, sizes bytes, durations seconds, times ISO 8601 in UTC; a limit of 0 is no limit; null is what is not known or
// does not exist.

import type { SessionState, TorrentItem } from './schema';

export type * from './schema';
export type {
    InspectTorrent as TorrentOrigin, LogLevelCode as LogLevel, PriorityCode as Priority, StateCode as TorrentState, TrackerStateCode as TrackerState,
} from './schema';

export interface ChangeEvent {
    readonly added?: readonly TorrentItem[];
    readonly changed?: readonly (Partial<TorrentItem> & { readonly hash: string })[];
    readonly removed?: readonly string[];
    readonly session?: Partial<SessionState>;
}
