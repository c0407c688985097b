// Torrents in every state, as a daemon would report them.

import type { FileItem, PeerItem, TorrentItem, TrackerItem, WebSeedItem } from '../../src/api/contract';

const mib = 1024 * 1024;
const gib = 1024 * mib;

export function hashOf(number: number): string {
    return (number + 1).toString(16).padStart(8, '0').repeat(5);
}

export function torrent(number: number, name: string, change: Partial<TorrentItem> = {}): TorrentItem {
    const size = change.size === undefined ? 4 * gib : change.size;
    const progress = change.progress ?? 1;
    const pieces = size === null ? 0 : Math.ceil(size / 262_144);
    const hasMetadata = size !== null;
    return {
        hash: hashOf(number), name, state: 'seeding', reason: null, why: 'Complete; nobody is connected.', progress, size,
        left: hasMetadata ? Math.round(size * (1 - progress)) : 0, downloaded: hasMetadata ? Math.round(size * progress) : 0, uploaded: 6 * gib, wasted: 0,
        ratio: 1.5, downloadRate: 0, uploadRate: 0, eta: null, peers: 0, seeds: 0, knownPeers: 12, swarmSeeders: null, swarmLeechers: null, hasMetadata,
        pieces, piecesHave: Math.floor(pieces * progress), labels: [], category: null, trackers: ['tracker.example.org'], trackerError: null, folder: '/data',
        sequential: false, forced: false, order: number + 1, queuedBehind: null, seedLimit: null, addedAt: new Date(Date.UTC(2026, 0, 31, 12, 0, 0) - number * 3_600_000).toISOString(), completedAt: progress === 1 ? '2026-02-01T08:00:00Z' : null,
        ...change,
    };
}

export const hostileName = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202etxt.exe';
export const hostileWords = '[red]x[/]<script>document.title="owned"</script><b onmouseover="document.title=\'owned\'">torrent not registered</b>';

export function fewTorrents(): TorrentItem[] {
    return [
        torrent(0, 'debian-13.1.0-amd64-netinst.iso', {
            state: 'downloading', why: 'Downloading from 12 of 40 peers.', progress: 0.4271, size: 784 * mib, downloadRate: 8.6e6, uploadRate: 120_000, eta: 55,
            peers: 40, seeds: 31, swarmSeeders: 1200, swarmLeechers: 35, availability: 3, copies: 3.41, ratio: 0.02, uploaded: 6 * mib, labels: ['linux'], category: 'iso', trackers: ['bttracker.debian.org'],
        }),
        torrent(1, 'Sintel.2010.2160p.OpenMovie', {
            state: 'downloading', why: 'Downloading from 3 of 9 peers.', progress: 0.86, size: 11.4 * gib, downloadRate: 2.1e6, uploadRate: 640_000, eta: 790, peers: 9,
            seeds: 4, ratio: 0.31, uploaded: 3 * gib, labels: ['film', 'open'],
        }),
        torrent(2, 'ubuntu-26.04-desktop-amd64.iso', { why: 'Complete; seeding to 3 peers.', uploadRate: 1.9e6, peers: 7, size: 5.9 * gib, ratio: 4.21, labels: ['linux'], category: 'iso' }),
        torrent(3, 'Lectures on Physics (audio)', { why: 'Complete; 2 peers connected, none asks for anything.', peers: 2, size: 2.2 * gib, ratio: 1.04, labels: ['audio'] }),
        torrent(4, 'The Internet Archive, maps of the 18th century', {
            state: 'checking', why: 'Checking what is on disk: 410 of 1,024 pieces.', progress: 0.4, size: 23 * gib, ratio: 0.8,
        }),
        torrent(5, 'Big Buck Bunny, 4K', {
            state: 'downloading', why: 'No peers: the tracker http://tracker.example.org/announce failed: torrent not registered.', progress: 0.12, size: 1.1 * gib, availability: 0, copies: 0.12, ratio: 0,
            uploaded: 0, trackerError: 'torrent not registered', labels: ['film'],
        }),
        torrent(6, 'archlinux-2026.01.01-x86_64.iso', {
            state: 'fetching-metadata', why: '2 peers are connected; the torrent’s metadata is still to come.', progress: 0, size: null, peers: 2, ratio: null, uploaded: 0,
        }),
        torrent(7, 'Project Gutenberg, complete texts', {
            state: 'waiting-for-disk', reason: 'disk-full', why: 'Waiting for the disk: no space is left on /data.', progress: 0.71, size: 48 * gib, ratio: 0.2, labels: ['books'],
        }),
        torrent(8, 'Night of the Living Dead (1968)', { state: 'failed', reason: 'missing', why: 'The folder /mnt/films does not exist. Mount it, then start the torrent.', progress: 1, size: 3.2 * gib }),
        torrent(9, 'Librivox, collected short stories 071', { state: 'stopped', why: 'Stopped.', progress: 1, size: 412 * mib, ratio: 2.01, labels: ['audio', 'books'] }),
        torrent(10, 'blender-5.0-demo-files', { state: 'stopped', why: 'Stopped.', progress: 0.05, size: 8.4 * gib, ratio: 0, uploaded: 0 }),
        torrent(11, hostileName, { state: 'downloading', why: 'Connecting to 3 peers.', progress: 0.02, size: 14 * mib, trackerError: hostileWords, labels: ['<i>label</i>'] }),
    ];
}

export function manyTorrents(count: number): TorrentItem[] {
    const some = fewTorrents().slice(0, 11);
    return Array.from({ length: count }, (_, index) => {
        const like = some[index % some.length]!;
        const active = index < 20;
        const base = active ? like : { ...like, downloadRate: 0, uploadRate: 0 };
        return torrent(index, `${like.name} ${index}`, { ...base, hash: hashOf(index), name: `${like.name} ${index}`, trackers: [`tracker${index % 30}.example.org`] });
    });
}

export function filesOf(torrent: TorrentItem): FileItem[] {
    const size = torrent.size ?? 0;
    const parts = [
        { path: 'Season 1/Episode 01.mkv', part: 0.3 }, { path: 'Season 1/Episode 02.mkv', part: 0.3 }, { path: 'Season 1/Episode 10.mkv', part: 0.2 },
        { path: 'Extras/Trailer.mp4', part: 0.1 }, { path: 'Extras/Music/Theme.flac', part: 0.09 }, { path: 'read me.txt', part: 0.01 },
    ];
    return parts.map(({ path, part }, index) => {
        const bytes = Math.round(size * part);
        const progress = Math.min(1, torrent.progress * (1 + (index % 3) * 0.4));
        return { index, path: `${torrent.name.replaceAll('/', '_')}/${path}`, size: bytes, verified: Math.round(bytes * progress), progress, priority: index === 3 ? 'skip' : index === 0 ? 'high' : 'normal' };
    });
}

const countries = ['DE', 'FR', 'JP', null, 'BR'];
const clients = ['qBittorrent 5.0.1', 'Transmission 4.1.0', 'libtorrent 2.0.11', 'Freshet 0.1.0', 'rTorrent 0.15', ''];

export function peersOf(torrent: TorrentItem): PeerItem[] {
    return Array.from({ length: torrent.peers }, (_, index) => ({
        address: index % 7 === 3 ? `2001:db8::${(index + 16).toString(16)}` : `192.0.2.${index + 10}`, port: 6881 + index, client: clients[index % clients.length]!,
        outgoing: index % 2 === 0, transport: index % 3 === 0 ? 'utp' : 'tcp', encryption: index % 4 === 1 ? 'full' : 'none', country: countries[index % countries.length]!,
        sources: ['tracker', 'dht'], queueDepth: index < 12 ? 32 : 0, responseMs: index < 12 ? 210.5 : null, response95Ms: index < 12 ? 480.1 : null, roundTripMs: 31.2,
        requests: index < 12 ? 20 : 0, queuedUploads: index % 5 === 0 ? 4 : 0, snubbing: index === 13, connectedFor: 60 + index * 47, progress: index % 4 === 0 ? 1 : (index * 37 % 100) / 100, downloaded: index < 12 ? 40e6 - index * 2e6 : 0,
        uploaded: index % 5 === 0 ? 3e6 : 0, downloadRate: index < 12 ? Math.round(torrent.downloadRate / (index + 2)) : 0,
        uploadRate: index % 5 === 0 ? Math.round(torrent.uploadRate / 8) : 0, interesting: index % 3 !== 2, choking: index >= 12, interested: index % 5 === 0, choked: index % 5 !== 0,
    }));
}

export function trackersOf(torrent: TorrentItem, withKeys: boolean): TrackerItem[] {
    const failing = torrent.trackerError !== null;
    const host = torrent.trackers[0] ?? 'tracker.example.org';
    return [
        {
            url: `http://${host}/${withKeys ? '0123456789abcdef' : '****'}/announce`, tier: 0, state: failing ? 'failing' : 'working', message: torrent.trackerError, lastAnnounce: failing ? null : new Date(Date.now() - 300_000).toISOString(),
            nextAnnounce: new Date(Date.now() + 1_500_000).toISOString(), failures: failing ? 3 : 0, seeders: torrent.swarmSeeders, leechers: torrent.swarmLeechers, peers: failing ? null : 50,
        },
        { url: 'udp://backup.example.org:6969/announce', tier: 1, state: 'idle', message: null, lastAnnounce: null, nextAnnounce: null, failures: 0, seeders: null, leechers: null, peers: null },
    ];
}

export function bitfield(torrent: TorrentItem): string {
    const bytes = Buffer.alloc(Math.ceil(torrent.pieces / 8));
    for (let piece = 0; piece < torrent.pieces; piece++) {
        // Scattered, as rarest first leaves them.
        if ((piece * 7919) % torrent.pieces < torrent.piecesHave) bytes[piece >> 3]! |= 0x80 >> (piece & 7);
    }
    return bytes.toString('base64');
}

export function webSeedsOf(torrent: TorrentItem): WebSeedItem[] {
    if (torrent.state !== 'downloading') return [];
    return [
        { url: 'https://mirror.example.org/files/', state: 'active', message: null, retryAt: null, failures: 0, requests: 2, progress: 1, downloaded: 90e6, downloadRate: 1.2e6 },
        { url: 'http://old.example.org/****/', state: 'resting', message: 'the server answered 503 Service Unavailable', retryAt: new Date(Date.now() + 90_000).toISOString(), failures: 2, requests: 0, progress: 1, downloaded: 0, downloadRate: 0 },
    ];
}
