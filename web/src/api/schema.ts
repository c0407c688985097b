// Made of docs/openapi.json by "npm run contract"; not to be edited.

export interface AddPeers {
    readonly peers: readonly string[];
}

export interface AddTorrent {
    readonly source?: string | null;
    readonly metainfo?: string | null;
    readonly folder?: string | null;
    readonly start?: boolean | null;
    readonly stopAtMetadata?: boolean | null;
    readonly labels?: readonly string[] | null;
    readonly category?: string | null;
    readonly priorities?: readonly PriorityCode[] | null;
    readonly sequential?: boolean | null;
    readonly firstAndLastFirst?: boolean | null;
    readonly maxDownloadRate?: number | null;
    readonly maxUploadRate?: number | null;
    readonly maxPeers?: number | null;
    readonly uploadSlots?: number | null;
    readonly forceStart?: boolean | null;
    readonly incompleteFolder?: string | null;
    readonly keepExisting?: boolean | null;
    readonly peers?: readonly string[] | null;
}

export interface AuthenticationInfo {
    readonly authenticated: boolean;
    readonly passwordSet: boolean;
    readonly version: string | null;
}

export type BulkAction = 'start' | 'stop' | 'recheck' | 'reannounce' | 'remove' | 'change' | 'move' | 'queue-top' | 'queue-up' | 'queue-down' | 'queue-bottom';

export interface BulkFailure {
    readonly hash: string;
    readonly code: string;
    readonly detail: string;
}

export interface BulkRequest {
    readonly action: BulkAction;
    readonly hashes: readonly string[];
    readonly deleteFiles?: boolean | null;
    readonly folder?: string | null;
    readonly change?: TorrentChange | null;
}

export interface BulkResult {
    readonly done: number;
    readonly pending: number;
    readonly failures: readonly BulkFailure[];
}

export interface ChangeEvent {
    readonly added?: readonly TorrentItem[];
    readonly changed?: readonly TorrentItemChange[];
    readonly removed?: readonly string[];
    readonly session?: SessionStateChange;
}

export interface ContentTicket {
    readonly path: string;
    readonly expiresAt: string;
}

export interface CreateTorrent {
    readonly path: string;
    readonly trackers?: readonly (readonly string[])[] | null;
    readonly webSeeds?: readonly string[] | null;
    readonly pieceLength?: number | null;
    readonly private?: boolean | null;
    readonly comment?: string | null;
    readonly source?: string | null;
    readonly seed?: boolean | null;
}

export interface CreationItem {
    readonly id: string;
    readonly path: string;
    readonly state: CreationStateCode;
    readonly done: number;
    readonly total: number;
    readonly hash: string | null;
    readonly error: string | null;
    readonly warnings: readonly string[];
}

export interface CreationList {
    readonly creations: readonly CreationItem[];
}

export type CreationStateCode = 'running' | 'done' | 'failed' | 'cancelled';

export type DayCode = 'sun' | 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat';

export type EncryptionCode = 'disabled' | 'allowed' | 'preferred' | 'required';

export interface FileChange {
    readonly files?: readonly number[] | null;
    readonly priority: PriorityCode;
}

export interface FileItem {
    readonly index: number;
    readonly path: string;
    readonly size: number;
    readonly verified: number;
    readonly progress: number;
    readonly priority: PriorityCode;
}

export interface FileList {
    readonly files: readonly FileItem[];
}

export interface FileRename {
    readonly path: string;
}

export interface FolderInfo {
    readonly path: string;
    readonly folders: readonly string[];
    readonly freeSpace: number | null;
    readonly totalSpace: number | null;
}

export interface FolderRename {
    readonly folder: string;
    readonly path: string;
}

export interface InspectTorrent {
    readonly source?: string | null;
    readonly metainfo?: string | null;
}

export interface InspectedFile {
    readonly index: number;
    readonly path: string;
    readonly size: number;
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
    readonly files: readonly InspectedFile[] | null;
    readonly warnings: readonly string[];
    readonly exists: boolean;
}

export interface LogItem {
    readonly id: number;
    readonly time: string;
    readonly level: LogLevelCode;
    readonly event: string;
    readonly hash: string | null;
    readonly message: string;
}

export type LogLevelCode = 'debug' | 'info' | 'warning' | 'error';

export interface LogPage {
    readonly entries: readonly LogItem[];
    readonly next: number;
}

export interface Login {
    readonly token?: string | null;
    readonly password?: string | null;
}

export interface MoveItem {
    readonly folder: string;
    readonly done: number;
    readonly total: number;
}

export interface MoveTorrent {
    readonly folder: string;
}

export interface NetworkInfo {
    readonly reachable: boolean | null;
    readonly reason: string;
    readonly lastIncoming: string | null;
    readonly portMapping: PortMappingInfo | null;
    readonly proxy: string | null;
    readonly dhtNodes: number | null;
    readonly localNetworks: number | null;
    readonly blockedRanges: number | null;
}

export type PeerEncryptionCode = 'none' | 'handshake' | 'full';

export interface PeerItem {
    readonly address: string;
    readonly port: number;
    readonly client: string;
    readonly outgoing: boolean;
    readonly transport: PeerTransportCode;
    readonly encryption: PeerEncryptionCode;
    readonly path?: PeerPathCode;
    readonly country: string | null;
    readonly connectedFor: number;
    readonly progress: number;
    readonly downloaded: number;
    readonly uploaded: number;
    readonly downloadRate: number;
    readonly uploadRate: number;
    readonly sources?: readonly string[];
    readonly requests?: number;
    readonly queueDepth?: number;
    readonly responseMs?: number | null;
    readonly response95Ms?: number | null;
    readonly roundTripMs?: number | null;
    readonly interesting: boolean;
    readonly choking: boolean;
    readonly interested: boolean;
    readonly choked: boolean;
    readonly queuedUploads: number;
    readonly snubbing: boolean;
}

export interface PeerList {
    readonly peers: readonly PeerItem[];
}

export type PeerPathCode = 'direct' | 'hole' | 'proxy';

export type PeerTransportCode = 'tcp' | 'utp';

export interface PieceMap {
    readonly count: number;
    readonly pieceLength: number;
    readonly have: string;
}

export interface PortMappingInfo {
    readonly protocol: string | null;
    readonly tcpPort: number | null;
    readonly udpPort: number | null;
    readonly externalAddress: string | null;
    readonly openOverV6: boolean;
    readonly trouble: string | null;
}

export type PreallocationCode = 'sparse' | 'full';

export type PriorityCode = 'normal' | 'skip' | 'low' | 'high';

export interface Problem {
    readonly type?: string;
    readonly title?: string | null;
    readonly status?: number;
    readonly detail?: string | null;
    readonly code?: string | null;
    readonly errors?: Readonly<Record<string, string>> | null;
    readonly hash?: string | null;
}

export type ProxyUseCode = 'peers' | 'trackers' | 'webseeds' | 'dht';

export type QueueMoveCode = 'top' | 'up' | 'down' | 'bottom';

export interface QueueRequest {
    readonly move: QueueMoveCode;
}

export interface RateHistory {
    readonly interval: number;
    readonly end: string;
    readonly downloadRates: readonly number[];
    readonly uploadRates: readonly number[];
}

export type ReasonCode = 'disk-full' | 'quota-exceeded' | 'permission-denied' | 'read-only' | 'missing' | 'io-error' | 'too-many-open-files' | 'file-too-large' | 'unsafe-path' | 'not-a-file' | 'replaced' | 'state-not-writable' | 'unusable-metadata' | 'other';

export interface ScheduledLimit {
    readonly days: readonly DayCode[];
    readonly from: string;
    readonly to: string;
    readonly maxDownloadRate?: number | null;
    readonly maxUploadRate?: number | null;
}

export type SeedChokingCode = 'fastest-upload' | 'round-robin' | 'anti-leech';

export type SeedEndCode = 'stop' | 'remove' | 'remove-with-files';

export type SeedLimitCode = 'ratio' | 'seed-time' | 'idle-time';

export interface SessionChange {
    readonly downloadFolder?: string | null;
    readonly maxDownloadRate?: number | null;
    readonly maxUploadRate?: number | null;
    readonly alternativeMaxDownloadRate?: number | null;
    readonly alternativeMaxUploadRate?: number | null;
    readonly alternativeLimits?: boolean | null;
    readonly maxConnections?: number | null;
    readonly checkpointInterval?: number | null;
    readonly preallocation?: PreallocationCode | null;
    readonly maxActiveDownloads?: number | null;
    readonly maxActiveSeeds?: number | null;
    readonly maxActive?: number | null;
    readonly maxChecks?: number | null;
    readonly ignoreSlow?: boolean | null;
    readonly slowRate?: number | null;
    readonly slowTime?: number | null;
    readonly seedRatio?: number | null;
    readonly seedTime?: number | null;
    readonly seedIdleTime?: number | null;
    readonly seedEnd?: SeedEndCode | null;
    readonly schedule?: readonly ScheduledLimit[] | null;
    readonly separateLocalLimits?: boolean | null;
    readonly localMaxDownloadRate?: number | null;
    readonly localMaxUploadRate?: number | null;
    readonly incompleteFolder?: string | null;
    readonly blocklist?: string | null;
    readonly listenPort?: number | null;
    readonly bind?: string | null;
    readonly dht?: boolean | null;
    readonly localDiscovery?: boolean | null;
    readonly portMapping?: boolean | null;
    readonly proxy?: string | null;
    readonly proxyFor?: readonly ProxyUseCode[] | null;
    readonly utp?: UtpCode | null;
    readonly encryption?: EncryptionCode | null;
}

export interface SessionInfo {
    readonly version: string;
    readonly startedAt: string;
    readonly downloadFolder: string;
    readonly allowedFolders: readonly string[];
    readonly listenPort: number;
    readonly listenEndPoints: readonly string[];
    readonly network: NetworkInfo;
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
    readonly preallocation: PreallocationCode;
    readonly maxActiveDownloads: number;
    readonly maxActiveSeeds: number;
    readonly maxActive: number;
    readonly maxChecks: number;
    readonly ignoreSlow: boolean;
    readonly slowRate: number;
    readonly slowTime: number;
    readonly seedRatio: number;
    readonly seedTime: number;
    readonly seedIdleTime: number;
    readonly seedEnd: SeedEndCode;
    readonly schedule: readonly ScheduledLimit[];
    readonly separateLocalLimits: boolean;
    readonly localMaxDownloadRate: number;
    readonly localMaxUploadRate: number;
    readonly incompleteFolder: string;
    readonly blocklist: string;
    readonly listenPort: number;
    readonly bind: string;
    readonly dht: boolean;
    readonly localDiscovery: boolean;
    readonly portMapping: boolean;
    readonly proxy: string;
    readonly proxyFor: readonly ProxyUseCode[];
    readonly utp: UtpCode;
    readonly encryption: EncryptionCode;
    readonly awaitingRestart: readonly string[];
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
    readonly scheduledLimits: boolean;
    readonly reachable: boolean | null;
    readonly maxDownloadRate: number;
    readonly maxUploadRate: number;
    readonly freeSpace: number | null;
    readonly totalSpace: number | null;
}

export interface SessionStateChange {
    readonly torrents?: number;
    readonly stopped?: number;
    readonly fetchingMetadata?: number;
    readonly checking?: number;
    readonly downloading?: number;
    readonly seeding?: number;
    readonly queued?: number;
    readonly waitingForDisk?: number;
    readonly failed?: number;
    readonly connections?: number;
    readonly downloadRate?: number;
    readonly uploadRate?: number;
    readonly alternativeLimits?: boolean;
    readonly scheduledLimits?: boolean;
    readonly reachable?: boolean | null;
    readonly maxDownloadRate?: number;
    readonly maxUploadRate?: number;
    readonly freeSpace?: number | null;
    readonly totalSpace?: number | null;
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
}

export interface SnapshotEvent {
    readonly reset: boolean;
    readonly torrents: readonly TorrentItem[];
    readonly complete: boolean;
    readonly session: SessionState;
}

export type StateCode = 'stopped' | 'fetching-metadata' | 'checking' | 'downloading' | 'seeding' | 'queued' | 'waiting-for-disk' | 'failed';

export type SuperSeedCode = 'automatic' | 'always' | 'never';

export interface TorrentChange {
    readonly labels?: readonly string[] | null;
    readonly addLabels?: readonly string[] | null;
    readonly removeLabels?: readonly string[] | null;
    readonly category?: string | null;
    readonly sequential?: boolean | null;
    readonly firstAndLastFirst?: boolean | null;
    readonly maxDownloadRate?: number | null;
    readonly maxUploadRate?: number | null;
    readonly maxPeerDownloadRate?: number | null;
    readonly maxPeerUploadRate?: number | null;
    readonly forceStart?: boolean | null;
    readonly ownSeedLimits?: boolean | null;
    readonly seedRatio?: number | null;
    readonly seedTime?: number | null;
    readonly seedIdleTime?: number | null;
    readonly seedEnd?: SeedEndCode | null;
    readonly maxPeers?: number | null;
    readonly uploadSlots?: number | null;
    readonly useTrackers?: boolean | null;
    readonly trackers?: readonly (readonly string[])[] | null;
    readonly ownTrackers?: boolean | null;
    readonly superSeed?: SuperSeedCode | null;
    readonly seedChoking?: SeedChokingCode | null;
}

export interface TorrentDetails {
    readonly torrent: TorrentItem;
    readonly hashV2: string | null;
    readonly magnet: string;
    readonly metadata: TorrentMetadata | null;
    readonly incompleteFolder: string | null;
    readonly keepExisting: boolean;
    readonly settings: TorrentSettings;
    readonly activeTime: number;
    readonly seedingTime: number;
}

export interface TorrentItem {
    readonly hash: string;
    readonly name: string;
    readonly state: StateCode;
    readonly reason: ReasonCode | null;
    readonly why: string;
    readonly availability?: number | null;
    readonly copies?: number | null;
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
    readonly move?: MoveItem | null;
    readonly sequential: boolean;
    readonly forced: boolean;
    readonly order: number;
    readonly queuedBehind: number | null;
    readonly seedLimit: SeedLimitCode | null;
    readonly addedAt: string | null;
    readonly completedAt: string | null;
}

export interface TorrentItemChange {
    readonly hash: string;
    readonly name?: string;
    readonly state?: StateCode;
    readonly reason?: ReasonCode | null;
    readonly why?: string;
    readonly availability?: number | null;
    readonly copies?: number | null;
    readonly progress?: number;
    readonly size?: number | null;
    readonly left?: number;
    readonly downloaded?: number;
    readonly uploaded?: number;
    readonly wasted?: number;
    readonly ratio?: number | null;
    readonly downloadRate?: number;
    readonly uploadRate?: number;
    readonly eta?: number | null;
    readonly peers?: number;
    readonly seeds?: number;
    readonly knownPeers?: number;
    readonly swarmSeeders?: number | null;
    readonly swarmLeechers?: number | null;
    readonly hasMetadata?: boolean;
    readonly pieces?: number;
    readonly piecesHave?: number;
    readonly labels?: readonly string[];
    readonly category?: string | null;
    readonly trackers?: readonly string[];
    readonly trackerError?: string | null;
    readonly folder?: string;
    readonly move?: MoveItem | null;
    readonly sequential?: boolean;
    readonly forced?: boolean;
    readonly order?: number;
    readonly queuedBehind?: number | null;
    readonly seedLimit?: SeedLimitCode | null;
    readonly addedAt?: string | null;
    readonly completedAt?: string | null;
}

export interface TorrentMetadata {
    readonly pieceLength: number;
    readonly fileCount: number;
    readonly private: boolean;
    readonly comment: string | null;
    readonly createdBy: string | null;
    readonly createdAt: string | null;
    readonly webSeeds: readonly string[];
}

export interface TorrentPage {
    readonly total: number;
    readonly offset: number;
    readonly torrents: readonly TorrentItem[];
}

export interface TorrentSettings {
    readonly sequential: boolean;
    readonly firstAndLastFirst: boolean;
    readonly maxDownloadRate: number;
    readonly maxUploadRate: number;
    readonly maxPeerDownloadRate: number;
    readonly maxPeerUploadRate: number;
    readonly forceStart: boolean;
    readonly ownSeedLimits: boolean;
    readonly seedRatio: number;
    readonly seedTime: number;
    readonly seedIdleTime: number;
    readonly seedEnd: SeedEndCode;
    readonly maxPeers: number;
    readonly uploadSlots: number;
    readonly useTrackers: boolean;
    readonly ownTrackers: boolean;
    readonly superSeed: SuperSeedCode;
    readonly seedChoking: SeedChokingCode;
}

export interface TrackerItem {
    readonly url: string;
    readonly tier: number;
    readonly state: TrackerStateCode;
    readonly message: string | null;
    readonly lastAnnounce: string | null;
    readonly nextAnnounce: string | null;
    readonly failures: number;
    readonly seeders: number | null;
    readonly leechers: number | null;
    readonly peers: number | null;
}

export interface TrackerList {
    readonly trackers: readonly TrackerItem[];
}

export type TrackerStateCode = 'idle' | 'announcing' | 'working' | 'failing' | 'given-up' | 'unsupported';

export type UtpCode = 'on' | 'off' | 'only';

export interface WebSeedItem {
    readonly url: string;
    readonly state: WebSeedStateCode;
    readonly message: string | null;
    readonly retryAt: string | null;
    readonly failures: number;
    readonly requests: number;
    readonly progress: number;
    readonly downloaded: number;
    readonly downloadRate: number;
}

export interface WebSeedList {
    readonly webSeeds: readonly WebSeedItem[];
}

export type WebSeedStateCode = 'idle' | 'active' | 'resting' | 'given-up' | 'banned' | 'unsupported';
