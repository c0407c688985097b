// A daemon of a few hundred lines that keeps to docs/api.md, for journeys that need states which a real one reaches only by chance: failing
// disks, refusing trackers, ten thousand torrents. It serves the built page with the daemon's own content security policy.

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type * as api from '../../src/api/contract';
import { bitfield, fewTorrents, filesOf, peersOf, trackersOf, webSeedsOf } from './data';

const dist = join(import.meta.dirname, '../../dist');
const types: Record<string, string> = {
    '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
    '.webmanifest': 'application/manifest+json',
};
// As EmbeddedPage.cs has it.
export const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self'; " +
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

class Refused extends Error {
    constructor(readonly status: number, readonly code: string, readonly detail: string, readonly more: Partial<api.Problem> = {}) {
        super(detail);
    }
}

interface Told {
    readonly id: number;
    readonly change: api.ChangeEvent;
}

export class MockDaemon {
    torrents = new Map<string, api.TorrentItem>();
    files = new Map<string, api.FileItem[]>();
    settings: api.SessionSettings = {
        downloadFolder: '/data', maxDownloadRate: 0, maxUploadRate: 0, alternativeMaxDownloadRate: 1 << 20, alternativeMaxUploadRate: 256 << 10,
        alternativeLimits: false, maxConnections: 500, checkpointInterval: 30, preallocation: 'sparse',
        maxActiveDownloads: 5, maxActiveSeeds: 20, maxActive: 0, maxChecks: 0, ignoreSlow: true, slowRate: 2048, slowTime: 60,
        seedRatio: 0, seedTime: 0, seedIdleTime: 0, seedEnd: 'stop', schedule: [], separateLocalLimits: false, localMaxDownloadRate: 0, localMaxUploadRate: 0,
        incompleteFolder: '', blocklist: '', portMapping: true, proxy: '', proxyFor: ['peers', 'trackers', 'webseeds', 'dht'],
        listenPort: 6881, bind: '', dht: true, localDiscovery: true, utp: 'on', encryption: 'allowed', awaitingRestart: [],
    };
    log: api.LogItem[] = [];
    warnings: string[] = [];
    creations: api.CreationItem[] = [];
    loggedIn = true;
    passwordSet = false;
    /** Milliseconds that each answer takes, apart from the event stream. */
    delay = 0;
    /** Requests that wait, and what they wait for. */
    #held: { readonly pattern: RegExp; readonly released: Promise<void> } | null = null;
    /** What was asked, as "METHOD path", and with which body. */
    requests: { readonly line: string; readonly body: unknown; readonly lastEventId: string | undefined }[] = [];
    readonly #server: Server;
    readonly #streams = new Set<ServerResponse>();
    #told: Told[] = [];
    #lastId = 0;

    constructor() {
        this.#server = createServer((request, response) => void this.#serve(request, response));
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    async listen(port = 0): Promise<void> {
        await new Promise<void>((done) => this.#server.listen(port, '127.0.0.1', done));
    }

    async close(): Promise<void> {
        this.dropStreams();
        this.#server.closeAllConnections();
        await new Promise<void>((done) => this.#server.close(() => done()));
    }

    reset(torrents: readonly api.TorrentItem[] = fewTorrents()): void {
        this.torrents = new Map(torrents.map((torrent) => [torrent.hash, torrent]));
        this.files.clear();
        this.settings = {
            ...this.settings, maxDownloadRate: 0, maxUploadRate: 0, alternativeLimits: false, maxConnections: 500, checkpointInterval: 30,
        };
        this.requests = [];
        this.creations = [];
        this.#held = null;
        this.loggedIn = true;
        this.passwordSet = false;
        this.log = [
            { id: 1, time: '2026-01-31T12:00:00Z', level: 'info', event: 'torrent-added', hash: torrents[0]?.hash ?? null, message: `“${torrents[0]?.name}” was added.` },
            { id: 2, time: '2026-01-31T12:00:05Z', level: 'warning', event: 'announce-failed', hash: torrents[0]?.hash ?? null, message: 'The tracker answered: torrent not registered.' },
        ];
    }

    /** Changes torrents and tells every stream. */
    tell(change: api.ChangeEvent): void {
        for (const torrent of change.added ?? []) this.torrents.set(torrent.hash, torrent);
        for (const hash of change.removed ?? []) this.torrents.delete(hash);
        for (const patch of change.changed ?? []) {
            const known = this.torrents.get(patch.hash);
            if (known) this.torrents.set(patch.hash, { ...known, ...patch });
        }
        const told = { id: ++this.#lastId, change };
        this.#told.push(told);
        for (const stream of this.#streams) write(stream, 'change', change, told.id);
    }

    /** Adds to the log and tells every stream. */
    tellLog(entry: Omit<api.LogItem, 'id' | 'time' | 'hash'>): void {
        const item = { id: this.log.length + 1, time: new Date().toISOString(), hash: null, ...entry };
        this.log.push(item);
        for (const stream of this.#streams) write(stream, 'log', item, ++this.#lastId);
    }

    patch(hash: string, change: Partial<api.TorrentItem>): void {
        this.tell({ changed: [{ hash, ...change }] });
    }

    /** Keeps requests waiting that are like "GET /torrents/…/files"; what it gives lets them go on. */
    hold(pattern: RegExp): () => void {
        let release = (): void => undefined;
        this.#held = { pattern, released: new Promise((done) => (release = done)) };
        return () => {
            this.#held = null;
            release();
        };
    }

    get streams(): number {
        return this.#streams.size;
    }

    dropStreams(): void {
        for (const stream of this.#streams) stream.destroy();
        this.#streams.clear();
    }

    session(): api.SessionState {
        const all = [...this.torrents.values()];
        const of = (state: api.TorrentState): number => all.filter((torrent) => torrent.state === state).length;
        const turtle = this.settings.alternativeLimits;
        return {
            torrents: all.length, stopped: of('stopped'), fetchingMetadata: of('fetching-metadata'), checking: of('checking'),
            downloading: of('downloading'), seeding: of('seeding'), queued: of('queued'), waitingForDisk: of('waiting-for-disk'), failed: of('failed'),
            connections: sum(all, 'peers'), downloadRate: sum(all, 'downloadRate'), uploadRate: sum(all, 'uploadRate'), alternativeLimits: turtle, scheduledLimits: false, reachable: true,
            maxDownloadRate: turtle ? this.settings.alternativeMaxDownloadRate : this.settings.maxDownloadRate,
            maxUploadRate: turtle ? this.settings.alternativeMaxUploadRate : this.settings.maxUploadRate,
            freeSpace: 310_000_000_000, totalSpace: 1_000_000_000_000,
        };
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const url = new URL(request.url ?? '/', 'http://localhost');
        try {
            if (!url.pathname.startsWith('/api/v1/')) return await serveFile(url.pathname, response);
            const body = await bodyOf(request);
            const line = `${request.method} ${url.pathname.slice('/api/v1'.length)}`;
            const lastEventId = request.headers['last-event-id'] as string | undefined;
            this.requests.push({ line, body, lastEventId });
            if (this.#held?.pattern.test(line)) await this.#held.released;
            if (line === 'GET /events') return this.#stream(response, lastEventId);
            if (this.delay > 0) await new Promise((done) => setTimeout(done, this.delay));
            const answer = this.#answer(line, url.searchParams, body);
            if (answer === null) response.writeHead(204).end();
            else response.writeHead(request.method === 'POST' && line === 'POST /torrents' ? 201 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        } catch (error) {
            if (!(error instanceof Refused)) throw error;
            const problem = { type: 'about:blank', title: error.code, status: error.status, detail: error.detail, code: error.code, ...error.more };
            response.writeHead(error.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
        }
    }

    #stream(response: ServerResponse, lastEventId: string | undefined): void {
        if (!this.loggedIn) throw new Refused(401, 'not-authenticated', 'Nobody is logged in.');
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        response.flushHeaders();
        const missed = lastEventId === undefined ? null : this.#told.filter((told) => told.id > Number(lastEventId));
        if (missed === null) {
            const all = [...this.torrents.values()];
            for (let at = 0; at === 0 || at < all.length; at += 500) {
                const complete = at + 500 >= all.length;
                const part = { reset: at === 0, torrents: all.slice(at, at + 500), complete, session: this.session() };
                write(response, 'snapshot', part, complete ? this.#lastId : undefined);
            }
        } else for (const told of missed) write(response, 'change', told.change, told.id);
        this.#streams.add(response);
        response.on('close', () => this.#streams.delete(response));
    }

    #answer(line: string, query: URLSearchParams, body: unknown): unknown {
        if (line === 'GET /authentication') return { authenticated: this.loggedIn, passwordSet: this.passwordSet, version: this.loggedIn ? '0.1.0' : null };
        if (line === 'POST /login') return this.#login(body as { token?: string; password?: string });
        if (!this.loggedIn) throw new Refused(401, 'not-authenticated', 'Nobody is logged in.');
        const [, hash = '', rest = ''] = /^\w+ \/torrents\/([0-9a-f]{40})(.*)$/.exec(line) ?? [];
        if (hash !== '') return this.#oneTorrent(`${line.split(' ')[0]} ${rest}`, this.#find(hash), query, body);
        if (line.startsWith('DELETE /creations/')) {
            this.creations = this.creations.filter((job) => line !== `DELETE /creations/${job.id}`);
            return null;
        }
        switch (line) {
            case 'POST /logout':
                this.loggedIn = false;
                return null;
            case 'POST /torrents':
                return this.#add(body as api.AddTorrent);
            case 'POST /torrents/inspect':
                return this.#inspect(body as api.TorrentOrigin);
            case 'POST /torrents/bulk':
                return this.#bulk(body as api.BulkRequest);
            case 'GET /session':
                return {
                    version: '0.1.0', startedAt: '2026-01-31T12:00:00Z', downloadFolder: '/data', allowedFolders: ['/data', '/stick'], listenPort: 6881,
                    listenEndPoints: ['0.0.0.0:6881'], warnings: this.warnings, status: this.session(),
                    network: {
                        reachable: true, reason: 'A peer from the internet connected 2 minutes ago.', lastIncoming: new Date(Date.now() - 120_000).toISOString(),
                        portMapping: { protocol: 'UPnP', tcpPort: 6881, udpPort: 6881, externalAddress: '203.0.113.7', openOverV6: false, trouble: null },
                        proxy: null, dhtNodes: 312, localNetworks: 1, blockedRanges: null,
                    },
                };
            case 'GET /session/settings':
                return this.settings;
            case 'PATCH /session/settings':
                return this.#change(body as Partial<api.SessionSettings>);
            case 'GET /session/statistics':
                return {
                    uptime: 86_400 * 3, downloaded: 48e9, uploaded: 71e9, wasted: 12e6, totalDownloaded: 950e9, totalUploaded: 1400e9, ratio: 1.47,
                    activeTime: 86_400 * 90, memory: 94e6,
                };
            case 'GET /session/history':
                return history(query.get('span') === 'day');
            case 'GET /creations':
                return { creations: this.creations };
            case 'POST /creations':
                return this.#create(body as api.CreateTorrent);
            case 'GET /folders':
                return this.#folder(query.get('path') ?? '/data');
            case 'GET /log':
                return this.#readLog(query);
        }
        throw new Refused(404, 'not-found', `There is nothing at ${line}.`);
    }

    #find(hash: string): api.TorrentItem {
        const torrent = this.torrents.get(hash);
        if (!torrent) throw new Refused(404, 'no-such-torrent', `There is no torrent ${hash}.`);
        return torrent;
    }

    #oneTorrent(line: string, torrent: api.TorrentItem, query: URLSearchParams, body: unknown): unknown {
        const files = this.files.get(torrent.hash) ?? filesOf(torrent);
        this.files.set(torrent.hash, files);
        switch (line) {
            case 'GET ':
                return {
                    torrent, hashV2: null, magnet: `magnet:?xt=urn:btih:${torrent.hash}`,
                    metadata: torrent.hasMetadata
                        ? { pieceLength: 262_144, fileCount: files.length, private: false, comment: 'A comment', createdBy: 'mktorrent 1.1', createdAt: '2026-01-01T00:00:00Z', webSeeds: [] }
                        : null,
                    settings: { sequential: torrent.sequential, firstAndLastFirst: false, maxDownloadRate: 0, maxUploadRate: 0, maxPeerDownloadRate: 0, maxPeerUploadRate: 0, forceStart: torrent.forced,
                        ownSeedLimits: false, seedRatio: 0, seedTime: 0, seedIdleTime: 0, seedEnd: 'stop', maxPeers: 100, uploadSlots: 0, useTrackers: true, ownTrackers: false, superSeed: 'automatic', seedChoking: 'fastest-upload' },
                    incompleteFolder: null, keepExisting: false, activeTime: 7200, seedingTime: 0,
                };
            case 'PATCH ':
                this.#changeTorrent(torrent, body as api.TorrentChange);
                return this.torrents.get(torrent.hash);
            case 'GET /files':
                return { files: torrent.hasMetadata ? files : [] };
            case 'PATCH /files': {
                const { files: chosen, priority } = body as { files: number[] | null; priority: api.Priority };
                this.files.set(torrent.hash, files.map((file) => (chosen === null || chosen.includes(file.index) ? { ...file, priority } : file)));
                return null;
            }
            case 'GET /peers':
                return { peers: peersOf(torrent) };
            case 'POST /peers':
                return null;
            case 'GET /trackers':
                return { trackers: trackersOf(torrent, query.get('keys') === 'true') };
            case 'GET /webseeds':
                return { webSeeds: webSeedsOf(torrent) };
            case 'GET /pieces':
                return { count: torrent.pieces, pieceLength: 262_144, have: bitfield(torrent) };
            case 'POST /move/cancel':
                if (!torrent.move) throw new Refused(404, 'no-such-job', 'Its files are not being moved.');
                this.patch(torrent.hash, { move: null });
                return null;
            case 'GET /log':
                return this.#readLog(query);
        }
        if (line === 'POST /rename-folder') {
            const { folder, path } = body as api.FolderRename;
            this.files.set(torrent.hash, files.map((file) => ({ ...file, path: file.path.startsWith(`${folder}/`) ? path + file.path.slice(folder.length) : file.path })));
            return null;
        }
        if (/^POST \/files\/\d+\/ticket$/.test(line)) {
            return { path: `/api/v1/torrents/${torrent.hash}${line.slice('POST '.length).replace('/ticket', '/content')}?ticket=mock`, expiresAt: '2026-01-31T18:00:00Z' };
        }
        const [, index] = /^POST \/files\/(\d+)\/rename$/.exec(line) ?? [];
        if (index === undefined) throw new Refused(404, 'not-found', `There is nothing at ${line}.`);
        const { path } = body as { path: string };
        if (path.startsWith('..')) throw new Refused(403, 'path-not-allowed', 'The path leads out of the torrent’s folder.');
        this.files.set(torrent.hash, files.map((file) => (file.index === Number(index) ? { ...file, path } : file)));
        return null;
    }

    #readLog(query: URLSearchParams): api.LogPage {
        const before = Number(query.get('before') ?? Infinity);
        return { entries: this.log.filter((entry) => entry.id < before).slice(-Number(query.get('limit') ?? 200)), next: this.log.length };
    }

    #login(proof: { token?: string; password?: string }): null {
        if (proof.token !== 'right' && proof.password !== 'right') throw new Refused(401, 'wrong-credentials', 'That is not the token or password.');
        this.loggedIn = true;
        return null;
    }

    #add(wanted: api.AddTorrent): api.TorrentItem {
        const known = this.#inspect(wanted);
        if (known.exists) throw new Refused(409, 'torrent-exists', `“${known.name}” is in this session already.`, { hash: known.hash });
        const hasMetadata = known.files !== null;
        const torrent: api.TorrentItem = {
            ...fewTorrents()[0]!, hash: known.hash, name: known.name ?? known.hash, state: !(wanted.start ?? true) ? 'stopped' : hasMetadata ? 'downloading' : 'fetching-metadata',
            why: hasMetadata ? 'Asking the tracker for peers.' : '2 peers are connected; the torrent’s metadata is still to come.', progress: 0, piecesHave: 0,
            size: known.size, left: known.size ?? 0, hasMetadata, pieces: known.pieces ?? 0, labels: wanted.labels ?? [], category: wanted.category ?? null,
            folder: wanted.folder ?? '/data', downloadRate: 0, uploadRate: 0, eta: null, peers: 0, seeds: 0, addedAt: new Date().toISOString(),
            trackerError: null, reason: null, downloaded: 0, uploaded: 0, ratio: null, sequential: wanted.sequential ?? false,
        };
        this.tell({ added: [torrent], session: this.session() });
        return torrent;
    }

    #inspect(origin: api.TorrentOrigin): api.InspectedTorrent {
        const nothing = {
            hashV2: null, comment: null, createdBy: null, createdAt: null, webSeeds: [], warnings: [], trackers: [['http://tracker.example.org/announce']],
        };
        if (origin.source != null) {
            const hash = /btih:([0-9a-f]{40})/i.exec(origin.source)?.[1]?.toLowerCase();
            if (hash === undefined) throw new Refused(422, 'not-a-torrent', 'The link has no info-hash.');
            const name = new URLSearchParams(origin.source.slice(8)).get('dn');
            return { ...nothing, hash, name, size: null, pieces: null, pieceLength: null, private: null, files: null, exists: this.torrents.has(hash) };
        }
        const text = Buffer.from(origin.metainfo ?? '', 'base64').toString('latin1');
        const name = /4:name(\d+):(.*)/s.exec(text);
        if (!text.startsWith('d') || !name) throw new Refused(422, 'not-a-torrent', 'It is not a .torrent: the first byte is not the beginning of a dictionary.');
        const title = (name[2] ?? '').slice(0, Number(name[1]));
        const hash = Buffer.from(title.padEnd(20, '\0')).subarray(0, 20).toString('hex');
        const files = [
            { index: 0, path: `${title}/film.mkv`, size: 1_400_000_000 }, { index: 1, path: `${title}/extras/trailer.mp4`, size: 90_000_000 },
            { index: 2, path: `${title}/extras/making of.mp4`, size: 310_000_000 }, { index: 3, path: `${title}/read me.txt`, size: 1_200 },
        ];
        const size = files.reduce((total, file) => total + file.size, 0);
        return { ...nothing, hash, name: title, size, pieces: 6867, pieceLength: 262_144, private: false, files, exists: this.torrents.has(hash) };
    }

    #bulk(request: api.BulkRequest): api.BulkResult {
        let done = 0;
        const failures: { hash: string; code: string; detail: string }[] = [];
        for (const hash of request.hashes) {
            const torrent = this.torrents.get(hash);
            if (torrent && request.action === 'move' && !request.folder?.startsWith('/data')) failures.push({ hash, code: 'path-not-allowed', detail: `“${request.folder}” does not lie in an allowed folder.` });
            else if (!torrent) failures.push({ hash, code: 'no-such-torrent', detail: `There is no torrent ${hash}.` });
            else {
                done++;
                this.#act(torrent, request);
            }
        }
        this.tell({ session: this.session() });
        return { done, pending: 0, failures };
    }

    #act(torrent: api.TorrentItem, request: api.BulkRequest): void {
        if (request.action === 'remove') this.tell({ removed: [torrent.hash] });
        else if (request.action === 'change') this.#changeTorrent(torrent, request.change ?? {});
        else if (request.action === 'stop') this.patch(torrent.hash, { state: 'stopped', why: 'Stopped.', downloadRate: 0, uploadRate: 0, eta: null, peers: 0, seeds: 0 });
        else if (request.action === 'start') this.patch(torrent.hash, { state: torrent.left === 0 ? 'seeding' : 'downloading', why: 'Asking the tracker for peers.' });
        else if (request.action === 'queue-top') this.patch(torrent.hash, { order: Math.min(...[...this.torrents.values()].map((each) => each.order)) - 1 });
        else if (request.action === 'move') this.patch(torrent.hash, { folder: request.folder ?? torrent.folder });
        else if (request.action === 'recheck') this.patch(torrent.hash, { state: 'checking', why: 'Checking what is on disk.' });
    }

    #changeTorrent(torrent: api.TorrentItem, change: api.TorrentChange): void {
        const labels = new Set(change.labels ?? torrent.labels);
        for (const label of change.addLabels ?? []) labels.add(label);
        for (const label of change.removeLabels ?? []) labels.delete(label);
        this.patch(torrent.hash, {
            labels: [...labels].sort(), ...(change.category === undefined ? {} : { category: change.category || null }),
            ...(change.forceStart == null ? {} : { forced: change.forceStart }),
            ...(change.sequential == null ? {} : { sequential: change.sequential }),
        });
    }

    #change(change: Partial<api.SessionSettings>): api.SessionSettings {
        if (change.downloadFolder !== undefined && !change.downloadFolder.startsWith('/data')) {
            throw new Refused(400, 'invalid-value', 'downloadFolder is not allowed.', { errors: { downloadFolder: 'does not lie in an allowed folder' } });
        }
        this.settings = { ...this.settings, ...change };
        this.tell({ session: this.session() });
        return this.settings;
    }

    #create(wanted: api.CreateTorrent): api.CreationItem {
        if (!wanted.path.startsWith('/data')) throw new Refused(403, 'path-not-allowed', `“${wanted.path}” does not lie in an allowed folder.`);
        const id = String(this.creations.length + 1);
        const job: api.CreationItem = { id, path: wanted.path, state: 'running', done: 1 << 20, total: 4 << 20, hash: null, error: null, warnings: [] };
        this.creations = [...this.creations, job];
        return job;
    }

    #folder(path: string): api.FolderInfo {
        const folder = path.replace(/(?<=.)\/$/, '');
        const root = ['/data', '/stick'].find((root) => folder === root || folder.startsWith(`${root}/`));
        if (root === undefined) throw new Refused(403, 'path-not-allowed', `“${path}” does not lie in an allowed folder.`);
        const folders = root === '/data' ? ['books', 'films', 'linux'] : [];
        if (folder !== root && !folders.some((name) => folder === `${root}/${name}`)) throw new Refused(404, 'not-found', `There is no folder ${path}.`);
        const [freeSpace, totalSpace] = root === '/data' ? [310e9, 1e12] : [1.9e9, 16e9];
        return { path: folder, folders: folder === root ? folders : [], freeSpace, totalSpace };
    }
}

function write(stream: ServerResponse, event: string, data: unknown, id?: number): void {
    stream.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
}

function sum(rows: readonly api.TorrentItem[], key: 'peers' | 'downloadRate' | 'uploadRate'): number {
    return rows.reduce((total, row) => total + row[key], 0);
}

function history(day: boolean): api.RateHistory {
    const slots = day ? 1440 : 600;
    const wave = (scale: number, phase: number): number[] =>
        Array.from({ length: slots }, (_, index) => Math.round(scale * (1.4 + Math.sin(index / 40 + phase) + 0.3 * Math.sin(index / 7))));
    return { interval: day ? 60 : 1, end: new Date().toISOString(), downloadRates: wave(4e6, 0), uploadRates: wave(1e6, 2) };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

async function serveFile(path: string, response: ServerResponse): Promise<void> {
    const name = path === '/' ? 'index.html' : normalize(path).replace(/^[/.]+/, '');
    try {
        const content = await readFile(join(dist, name));
        response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream', 'content-security-policy': policy }).end(content);
    } catch {
        response.writeHead(404).end();
    }
}
