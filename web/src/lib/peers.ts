// What stands between us and a peer, and how many peers there are, in words.

import type { PeerItem, TorrentItem } from '../api/contract';
import { count, percent } from './format';

export interface Flag {
    readonly sign: string;
    readonly meaning: string;
}

export function flagsOf(peer: PeerItem): Flag[] {
    const flags: Flag[] = [];
    if (peer.interesting) flags.push(peer.choking ? { sign: 'd', meaning: 'It has what we want, but refuses our requests.' } : { sign: 'D', meaning: 'It has what we want, and gives it.' });
    else if (!peer.choking) flags.push({ sign: 'K', meaning: 'It would give, but has nothing that we want.' });
    if (peer.interested) flags.push(peer.choked ? { sign: 'u', meaning: 'It wants something of us, but has no upload slot.' } : { sign: 'U', meaning: 'It wants something of us, and gets it.' });
    else if (!peer.choked) flags.push({ sign: '?', meaning: 'It could ask us for pieces, but does not want any.' });
    if (peer.snubbing) flags.push({ sign: 'S', meaning: 'It was asked, does not refuse, and sends nothing.' });
    if (peer.transport === 'utp') flags.push({ sign: 'P', meaning: 'Connected over uTP, which yields to other traffic of the line.' });
    if (peer.encryption !== 'none') {
        flags.push(peer.encryption === 'full' ? { sign: 'E', meaning: 'The whole connection is encrypted.' } : { sign: 'e', meaning: 'The handshake was encrypted.' });
    }
    if (peer.path === 'hole') flags.push({ sign: 'H', meaning: 'Reached through a hole that was punched through the routers of both sides.' });
    if (peer.path === 'proxy') flags.push({ sign: 'X', meaning: 'Reached through the proxy.' });
    flags.push(peer.outgoing ? { sign: '↗', meaning: 'We connected to it.' } : { sign: '↙', meaning: 'It connected to us.' });
    return flags;
}

/** What there is no column for: who named it, what it owes, how long it takes. */
export function factsOf(peer: PeerItem): string {
    return [
        `named by ${(peer.sources ?? []).map((source) => sourceWords[source] ?? source).join(', ') || 'nobody'}`,
        `${peer.requests} of ${peer.queueDepth} blocks are on their way`,
        peer.queuedUploads > 0 && `it waits for ${peer.queuedUploads}`,
        peer.responseMs != null && `a block takes ${Math.round(peer.responseMs)} ms`,
        peer.roundTripMs != null && `a packet ${Math.round(peer.roundTripMs)} ms`,
    ].filter(Boolean).join('; ');
}

const sourceWords: Readonly<Record<string, string>> = {
    incoming: 'itself', tracker: 'a tracker', manual: 'the user', exchange: 'another peer', dht: 'the DHT', local: 'the local network',
};

const regions = typeof Intl.DisplayNames === 'function' ? new Intl.DisplayNames(['en'], { type: 'region' }) : null;

/** "DE" is Germany; a code that nobody knows stays what it is. */
export function countryOf(code: string): string {
    try {
        return regions?.of(code) ?? code;
    } catch {
        return code;
    }
}

export function addressOf(peer: PeerItem): string {
    return peer.address.includes(':') ? `[${peer.address}]:${peer.port}` : `${peer.address}:${peer.port}`;
}

/** Those that give and take most come first; the rest keep an order that does not change. */
export function byActivity(a: PeerItem, b: PeerItem): number {
    return b.downloadRate - a.downloadRate || b.uploadRate - a.uploadRate || b.connectedFor - a.connectedFor || (addressOf(a) < addressOf(b) ? -1 : 1);
}

export type PeerSortKey = 'client' | 'flags' | 'progress' | 'responseMs' | 'downloadRate' | 'uploadRate';

export interface PeerSort {
    readonly key: PeerSortKey;
    readonly descending: boolean;
}

/** As byActivity has it. */
export const firstPeerSort: PeerSort = { key: 'downloadRate', descending: true };

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Signs in the order in which flagsOf tells them: those that give come first. */
const signs = 'DdKUu?SPEeHX↗↙';

function flagRank(peer: PeerItem): string {
    return flagsOf(peer).map((flag) => String.fromCharCode(97 + signs.indexOf(flag.sign))).join('');
}

const peerValues: Record<PeerSortKey, (peer: PeerItem) => string | number | null> = {
    client: (peer) => peer.client || null,
    flags: flagRank,
    progress: (peer) => peer.progress,
    responseMs: (peer) => peer.responseMs ?? null,
    downloadRate: (peer) => peer.downloadRate,
    uploadRate: (peer) => peer.uploadRate,
};

/** What is not known is last both ways; equal peers are in the order of their activity. */
export function peerComparer(sort: PeerSort): (a: PeerItem, b: PeerItem) => number {
    const valueOf = peerValues[sort.key];
    return (a, b) => {
        const left = valueOf(a);
        const right = valueOf(b);
        if (left === null || right === null) return (left === null ? 1 : 0) - (right === null ? 1 : 0) || byActivity(a, b);
        const order = typeof left === 'number' && typeof right === 'number' ? left - right : collator.compare(String(left), String(right));
        return (sort.descending ? -order : order) || byActivity(a, b);
    };
}

/** Another column begins with what is looked for in it: the fastest, the fullest, the soonest to answer; words from A. */
export function nextPeerSort(sort: PeerSort, key: PeerSortKey): PeerSort {
    const first = key === 'progress' || key === 'downloadRate' || key === 'uploadRate';
    return { key, descending: sort.key === key ? !sort.descending : first };
}

/** Whole copies, and the share of the pieces of which there is one more, in thousandths, as the daemon rounds them. */
function split(value: number): { whole: number; thousandths: number } {
    const rounded = Math.round(value * 1000);
    return { whole: Math.floor(rounded / 1000), thousandths: rounded % 1000 };
}

/** Rounded down: of 0.999 copies something is missing. */
export function copies(value: number): string {
    const { whole, thousandths } = split(value);
    return `${whole}.${Math.floor(thousandths / 10).toString().padStart(2, '0')}`;
}

/** What a number of distributed copies means, and whether the rarest of what is missing can be had at once. */
export function copiesInWords(value: number, availability: number | null): string {
    const { whole, thousandths } = split(value);
    const share = `${percent(thousandths / 1000)} %`;
    const spread = whole === 0
        ? `${share} of the pieces are with connected peers or here, the rest with neither.`
        : `With connected peers and here, every piece is there at least ${times(whole)}${thousandths === 0 ? '' : `, and ${share} of them more often`}.`;
    if (availability === null) return spread;
    const rarest = availability === 0 ? 'No connected peer has' : availability === 1 ? 'One connected peer has' : `${count(availability)} connected peers have`;
    return `${spread} ${rarest} the rarest missing piece.`;
}

function times(number: number): string {
    return number === 1 ? 'once' : number === 2 ? 'twice' : `${count(number)} times`;
}

/** How many trackers count in the swarm; nothing of what none of them said. */
export function swarmInWords(row: Pick<TorrentItem, 'swarmSeeders' | 'swarmLeechers'>): string {
    return [
        row.swarmSeeders !== null && `${count(row.swarmSeeders)} complete`,
        row.swarmLeechers !== null && `${count(row.swarmLeechers)} downloading`,
    ].filter(Boolean).join(', ');
}
