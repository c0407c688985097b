// One function for each request that the page makes. A refusal becomes a Refusal with the server's own words.

import type * as api from './contract';

export class Refusal extends Error {
    constructor(readonly problem: api.Problem) {
        super(problem.detail ?? problem.title ?? `The server answered ${problem.status}.`);
        this.name = 'Refusal';
    }

    get code(): string {
        return this.problem.code ?? '';
    }

    get errors(): Readonly<Record<string, string>> {
        return this.problem.errors ?? {};
    }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
    constructor() {
        super('The daemon cannot be reached.');
        this.name = 'Unreachable';
    }
}

let onLoggedOut: () => void = () => undefined;

/** Calls this whenever a request is refused because nobody is logged in. */
export function whenLoggedOut(handler: () => void): void {
    onLoggedOut = handler;
}

export const base = '/api/v1';

export async function request(path: string, init?: RequestInit): Promise<Response> {
    let response: Response;
    try {
        response = await fetch(base + path, { credentials: 'same-origin', ...init });
    } catch (error) {
        if (error instanceof DOMException && error.name === 'AbortError') throw error;
        throw new Unreachable();
    }
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.code === 'not-authenticated') onLoggedOut();
    throw new Refusal(problem);
}

async function problemOf(response: Response): Promise<api.Problem> {
    const fallback: api.Problem = { status: response.status, title: response.statusText || `The server answered ${response.status}.` };
    if (!/json/.test(response.headers.get('content-type') ?? '')) return fallback;
    try {
        return { ...fallback, ...((await response.json()) as Partial<api.Problem>) };
    } catch {
        return fallback;
    }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const response = await request(path, signal ? { signal } : undefined);
    return (await response.json()) as T;
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
    return request(path, {
        method,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
}

async function sendFor<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await (await send(method, path, body)).json()) as T;
}

/** How many entries of the log are asked for at once. */
export const logPage = 500;

const logQuery = (level: api.LogLevel, before: number | null): string => `limit=${logPage}&level=${level}${before === null ? '' : `&before=${before}`}`;

export const client = {
    authentication: () => get<api.AuthenticationInfo>('/authentication'),
    login: (proof: { token: string } | { password: string }) => send('POST', '/login', proof),
    logout: () => send('POST', '/logout'),

    add: (torrent: api.AddTorrent) => sendFor<api.TorrentItem>('POST', '/torrents', torrent),
    inspect: (origin: api.TorrentOrigin) => sendFor<api.InspectedTorrent>('POST', '/torrents/inspect', origin),
    bulk: (action: api.BulkRequest) => sendFor<api.BulkResult>('POST', '/torrents/bulk', action),

    details: (hash: string, signal?: AbortSignal) => get<api.TorrentDetails>(`/torrents/${hash}`, signal),
    cancelMove: (hash: string) => send('POST', `/torrents/${hash}/move/cancel`),
    change: (hash: string, change: api.TorrentChange) => send('PATCH', `/torrents/${hash}`, change),
    files: async (hash: string, signal?: AbortSignal) => (await get<{ files: api.FileItem[] }>(`/torrents/${hash}/files`, signal)).files,
    prioritize: (hash: string, files: readonly number[] | null, priority: api.Priority) =>
        send('PATCH', `/torrents/${hash}/files`, { files, priority }),
    renameFile: (hash: string, index: number, path: string) => send('POST', `/torrents/${hash}/files/${index}/rename`, { path }),
    renameFolder: (hash: string, folder: string, path: string) => send('POST', `/torrents/${hash}/rename-folder`, { folder, path }),
    peers: async (hash: string, signal?: AbortSignal) => (await get<{ peers: api.PeerItem[] }>(`/torrents/${hash}/peers`, signal)).peers,
    addPeers: (hash: string, peers: readonly string[]) => send('POST', `/torrents/${hash}/peers`, { peers }),
    trackers: async (hash: string, signal?: AbortSignal) =>
        (await get<{ trackers: api.TrackerItem[] }>(`/torrents/${hash}/trackers`, signal)).trackers,
    trackersWithKeys: async (hash: string) => (await get<{ trackers: api.TrackerItem[] }>(`/torrents/${hash}/trackers?keys=true`)).trackers,
    webSeeds: async (hash: string, signal?: AbortSignal) => (await get<api.WebSeedList>(`/torrents/${hash}/webseeds`, signal)).webSeeds,
    pieces: (hash: string, signal?: AbortSignal) => get<api.PieceMap>(`/torrents/${hash}/pieces`, signal),
    torrentLog: (hash: string, level: api.LogLevel, before: number | null, signal?: AbortSignal) =>
        get<api.LogPage>(`/torrents/${hash}/log?${logQuery(level, before)}`, signal),
    ticket: (hash: string, index: number) => sendFor<api.ContentTicket>('POST', `/torrents/${hash}/files/${index}/ticket`),

    create: (torrent: api.CreateTorrent) => sendFor<api.CreationItem>('POST', '/creations', torrent),
    creations: async (signal?: AbortSignal) => (await get<{ creations: api.CreationItem[] }>('/creations', signal)).creations,
    cancelCreation: (id: string) => send('DELETE', `/creations/${id}`),

    session: () => get<api.SessionInfo>('/session'),
    settings: () => get<api.SessionSettings>('/session/settings'),
    changeSettings: (change: api.SessionChange) => sendFor<api.SessionSettings>('PATCH', '/session/settings', change),
    statistics: (signal?: AbortSignal) => get<api.SessionStatistics>('/session/statistics', signal),
    history: (span: 'minutes' | 'day', signal?: AbortSignal) => get<api.RateHistory>(`/session/history?span=${span}`, signal),
    folder: (path: string | null, signal?: AbortSignal) =>
        get<api.FolderInfo>(path === null ? '/folders' : `/folders?path=${encodeURIComponent(path)}`, signal),
    log: (level: api.LogLevel, before: number | null, signal?: AbortSignal) => get<api.LogPage>(`/log?${logQuery(level, before)}`, signal),
};

export const torrentFileUrl = (hash: string): string => `${base}/torrents/${hash}/torrent`;
export const createdFileUrl = (id: string): string => `${base}/creations/${id}/torrent`;
export const contentUrl = (hash: string, index: number, download = false): string =>
    `${base}/torrents/${hash}/files/${index}/content${download ? '?download=true' : ''}`;

export function wordsOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

/** Bytes as base64, as a .torrent travels inside JSON. */
export function toBase64(bytes: Uint8Array): string {
    let binary = '';
    for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(binary);
}

export function fromBase64(text: string): Uint8Array {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes;
}
