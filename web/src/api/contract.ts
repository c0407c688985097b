// The shapes of the daemon's API (docs/api.md). Rates are bytes per second, sizes bytes, durations seconds, times ISO 8601 in UTC; a limit
// of 0 is no limit; null is what is not known or does not exist.

export type TorrentState = 'stopped' | 'fetching-metadata' | 'checking' | 'downloading' | 'seeding' | 'queued' | 'waiting-for-disk' | 'failed';

export type Priority = 'skip' | 'low' | 'normal' | 'high';

export interface TorrentItem {
    readonly hash: string;
    readonly name: string;
    readonly state: TorrentState;
    readonly reason: string | null;
    readonly why: string;
    readonly progress: number;
    readonly size: number | null;
    readonly left: number;
    readonly downloaded: number;
    readonly uploaded: number;
    readonly wasted: number;
    readonly ratio: number | null;
    readonly downloadRate: number;
    readonly uploadRate: number;
    readonly eta: number | null;
    readonly peers: number;
    readonly seeds: number;
    readonly knownPeers: number;
    readonly swarmSeeders: number | null;
    readonly swarmLeechers: number | null;
    readonly hasMetadata: boolean;
    readonly pieces: number;
    readonly piecesHave: number;
    readonly labels: readonly string[];
    readonly category: string | null;
    readonly trackers: readonly string[];
    readonly trackerError: string | null;
    readonly folder: string;
    readonly sequential: boolean;
    readonly addedAt: string | null;
    readonly completedAt: string | null;
}

export interface TorrentSettings {
    readonly sequential: boolean;
    readonly firstAndLastFirst: boolean;
    readonly maxDownloadRate: number;
    readonly maxUploadRate: number;
    readonly maxPeers: number;
    readonly uploadSlots: number;
    readonly useTrackers: boolean;
    readonly superSeed: 'automatic' | 'always' | 'never';
    readonly seedChoking: 'fastest-upload' | 'round-robin' | 'anti-leech';
}

export interface TorrentDetails {
    readonly torrent: TorrentItem;
    readonly hashV2: string | null;
    readonly magnet: string;
    readonly metadata: {
        readonly pieceLength: number;
        readonly fileCount: number;
        readonly private: boolean;
        readonly comment: string | null;
        readonly createdBy: string | null;
        readonly createdAt: string | null;
        readonly webSeeds: readonly string[];
    } | null;
    readonly settings: TorrentSettings;
    readonly activeTime: number;
    readonly seedingTime: number;
}

export interface TorrentChange extends Partial<TorrentSettings> {
    readonly labels?: readonly string[];
    readonly addLabels?: readonly string[];
    readonly removeLabels?: readonly string[];
    readonly category?: string;
}

export interface TorrentOrigin {
    readonly source?: string;
    readonly metainfo?: string;
}

export interface AddTorrent extends TorrentOrigin {
    readonly folder?: string;
    readonly start?: boolean;
    readonly stopAtMetadata?: boolean;
    readonly labels?: readonly string[];
    readonly category?: string;
    readonly priorities?: readonly Priority[];
    readonly sequential?: boolean;
}

export interface InspectedTorrent {
    readonly hash: string;
    readonly hashV2: string | null;
    readonly name: string | null;
    readonly size: number | null;
    readonly pieces: number | null;
    readonly pieceLength: number | null;
    readonly private: boolean | null;
    readonly comment: string | null;
    readonly createdBy: string | null;
    readonly createdAt: string | null;
    readonly trackers: readonly (readonly string[])[];
    readonly webSeeds: readonly string[];
    readonly files: readonly { readonly index: number; readonly path: string; readonly size: number }[] | null;
    readonly warnings: readonly string[];
    readonly exists: boolean;
}

export interface FileItem {
    readonly index: number;
    readonly path: string;
    readonly size: number;
    readonly verified: number;
    readonly progress: number;
    readonly priority: Priority;
}

export interface PeerItem {
    readonly address: string;
    readonly port: number;
    readonly client: string;
    readonly outgoing: boolean;
    readonly connectedFor: number;
    readonly progress: number;
    readonly downloaded: number;
    readonly uploaded: number;
    readonly downloadRate: number;
    readonly uploadRate: number;
    readonly sources: readonly string[];
    readonly requests: number;
    readonly queueDepth: number;
    readonly responseMs: number | null;
    readonly response95Ms: number | null;
    readonly roundTripMs: number | null;
    readonly interesting: boolean;
    readonly choking: boolean;
    readonly interested: boolean;
    readonly choked: boolean;
}

export type TrackerState = 'idle' | 'announcing' | 'working' | 'failing' | 'given-up' | 'unsupported';

export interface TrackerItem {
    readonly url: string;
    readonly tier: number;
    readonly state: TrackerState;
    readonly message: string | null;
    readonly lastAnnounce: string | null;
    readonly nextAnnounce: string | null;
    readonly failures: number;
    readonly seeders: number | null;
    readonly leechers: number | null;
    readonly peers: number | null;
}

export interface PieceMap {
    readonly count: number;
    readonly pieceLength: number;
    readonly have: string;
}

export type BulkAction = 'start' | 'stop' | 'recheck' | 'reannounce' | 'remove' | 'change' | 'move';

export interface BulkRequest {
    readonly action: BulkAction;
    readonly hashes: readonly string[];
    readonly deleteFiles?: boolean;
    readonly folder?: string;
    readonly change?: TorrentChange;
}

export interface BulkResult {
    readonly done: number;
    readonly pending: number;
    readonly failures: readonly { readonly hash: string; readonly code: string; readonly detail: string }[];
}

export interface SessionState {
    readonly torrents: number;
    readonly stopped: number;
    readonly fetchingMetadata: number;
    readonly checking: number;
    readonly downloading: number;
    readonly seeding: number;
    readonly queued: number;
    readonly waitingForDisk: number;
    readonly failed: number;
    readonly connections: number;
    readonly downloadRate: number;
    readonly uploadRate: number;
    readonly alternativeLimits: boolean;
    readonly maxDownloadRate: number;
    readonly maxUploadRate: number;
    readonly freeSpace: number | null;
    readonly totalSpace: number | null;
}

export interface SessionInfo {
    readonly version: string;
    readonly startedAt: string;
    readonly downloadFolder: string;
    readonly allowedFolders: readonly string[];
    readonly listenPort: number;
    readonly listenEndPoints: readonly string[];
    readonly warnings: readonly string[];
    readonly status: SessionState;
}

export interface SessionSettings {
    readonly downloadFolder: string;
    readonly maxDownloadRate: number;
    readonly maxUploadRate: number;
    readonly alternativeMaxDownloadRate: number;
    readonly alternativeMaxUploadRate: number;
    readonly alternativeLimits: boolean;
    readonly maxConnections: number;
    readonly checkpointInterval: number;
    readonly preallocation: 'sparse' | 'full';
    readonly listenPort: number;
    readonly bind: string;
    readonly dht: boolean;
    readonly localDiscovery: boolean;
    readonly utp: 'on' | 'off' | 'only';
    readonly encryption: 'disabled' | 'allowed' | 'preferred' | 'required';
    readonly awaitingRestart: readonly string[];
}

export interface CreateTorrent {
    readonly path: string;
    readonly trackers?: readonly (readonly string[])[];
    readonly webSeeds?: readonly string[];
    readonly pieceLength?: number;
    readonly private?: boolean;
    readonly comment?: string | null;
    readonly source?: string | null;
    readonly seed?: boolean;
}

export interface CreationItem {
    readonly id: string;
    readonly path: string;
    readonly state: 'running' | 'done' | 'failed' | 'cancelled';
    readonly done: number;
    readonly total: number;
    readonly hash: string | null;
    readonly error: string | null;
    readonly warnings: readonly string[];
}

export interface SessionStatistics {
    readonly uptime: number;
    readonly downloaded: number;
    readonly uploaded: number;
    readonly wasted: number;
    readonly totalDownloaded: number;
    readonly totalUploaded: number;
    readonly ratio: number | null;
    readonly activeTime: number;
    readonly memory: number;
    readonly blocksRented: number;
    readonly blocksLimit: number;
}

export interface RateHistory {
    readonly interval: number;
    readonly end: string;
    readonly downloadRates: readonly number[];
    readonly uploadRates: readonly number[];
}

export interface FolderInfo {
    readonly path: string;
    readonly folders: readonly string[];
    readonly freeSpace: number | null;
    readonly totalSpace: number | null;
}

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

export interface LogItem {
    readonly id: number;
    readonly time: string;
    readonly level: LogLevel;
    readonly event: string;
    readonly hash: string | null;
    readonly message: string;
}

export interface LogPage {
    readonly entries: readonly LogItem[];
    readonly next: number;
}

export interface AuthenticationInfo {
    readonly authenticated: boolean;
    readonly passwordSet: boolean;
    readonly version: string | null;
}

export interface Problem {
    readonly title?: string | null;
    readonly status: number;
    readonly detail?: string | null;
    readonly code?: string | null;
    readonly errors?: Readonly<Record<string, string>> | null;
    readonly hash?: string | null;
}

export interface SnapshotEvent {
    readonly reset: boolean;
    readonly torrents: readonly TorrentItem[];
    readonly complete: boolean;
    readonly session: SessionState;
}

export interface ChangeEvent {
    readonly added?: readonly TorrentItem[];
    readonly changed?: readonly (Partial<TorrentItem> & { readonly hash: string })[];
    readonly removed?: readonly string[];
    readonly session?: Partial<SessionState>;
}
